/// One setting: what it is called, what it takes, what it means, and where its value lies in ``ParleySettings``.
package struct Setting: Sendable {
    /// A value as a source gives it.
    enum Raw {
        /// From the environment or the command line.
        case text(String)
        case json(JSONDocument.Value)
    }

    /// Why a value is refused; holds no secret.
    struct Refusal: Error, Equatable {
        let code: SettingsError.Problem.Code
        let detail: String

        static func wrongType(_ detail: String) -> Refusal { Refusal(code: .wrongType, detail: detail) }
        static func outOfRange(_ detail: String) -> Refusal { Refusal(code: .outOfRange, detail: detail) }
    }

    /// Dotted: `server.port`.
    package let name: String
    /// Type and range, for people.
    package let takes: String
    package let note: String
    package let isSecret: Bool
    /// Variables that are looked at when no source gives the setting.
    package private(set) var fallbacks: [String] = []
    /// What stands for no value: who decides then.
    private(set) var unset = "not set"

    private let read: @Sendable (Raw, inout ParleySettings) throws(Refusal) -> Void
    private let write: @Sendable (ParleySettings) -> String?
    private let reset: @Sendable (inout ParleySettings) -> Void

    /// `PARLEY_SERVER_PORT`.
    package var environment: String { "PARLEY_" + name.uppercased().map { $0 == "." ? "_" : String($0) }.joined() }

    /// - Parameters:
    ///   - parse: The value of a raw one that is not empty.
    ///   - show: The value as the command line would take it; nil where there is none.
    init<Value>(
        _ name: String, _ path: Path<Value>, takes: String, note: String, isSecret: Bool = false,
        parse: @escaping @Sendable (Raw) throws(Refusal) -> Value, show: @escaping @Sendable (Value) -> String?
    ) {
        (self.name, self.takes, self.note, self.isSecret) = (name, takes, note, isSecret)
        read = { raw, settings throws(Refusal) in settings[keyPath: path] = try parse(raw) }
        write = { show($0[keyPath: path]) }
        reset = { $0[keyPath: path] = ParleySettings()[keyPath: path] }
    }

    /// The same setting with further variables to fall back to.
    func fallingBack(to variables: String...) -> Setting {
        var copy = self
        copy.fallbacks = variables
        return copy
    }

    /// The same setting with a word for who decides when it has no value.
    func unset(_ word: String) -> Setting {
        var copy = self
        copy.unset = word
        return copy
    }

    /// Takes a value over; an empty one is the default.
    func assign(_ raw: Raw, to settings: inout ParleySettings) throws(Refusal) {
        switch raw {
        case .text(let text) where text.allSatisfy(\.isWhitespace), .json(.text(let text)) where text.allSatisfy(\.isWhitespace):
            reset(&settings)
        case .json(.null): throw .wrongType("null is no value; leave the setting out for its default")
        case .text, .json: try read(raw, &settings)
        }
    }

    /// The value for people, a secret masked.
    package func shown(in settings: ParleySettings) -> String {
        guard let text = write(settings) else { return "(\(unset))" }
        return isSecret ? "[secret]" : text
    }
}
