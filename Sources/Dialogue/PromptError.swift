/// Why a prompt file cannot be used.
package struct PromptError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The file is not front matter between two lines of `---` and a body.
        package static let syntax = Code(rawValue: "prompt.syntax")
        package static let unknownKey = Code(rawValue: "prompt.unknown_key")
        package static let duplicateKey = Code(rawValue: "prompt.duplicate_key")
        package static let missingKey = Code(rawValue: "prompt.missing_key")
        package static let badValue = Code(rawValue: "prompt.bad_value")
        /// The text uses a variable that is not declared, or a value was given for one.
        package static let unknownVariable = Code(rawValue: "prompt.unknown_variable")
        /// A required variable got no value.
        package static let missingVariable = Code(rawValue: "prompt.missing_variable")
    }

    package let code: Code
    package let file: String
    /// From 1.
    package let line: Int
    package let reason: String

    package var description: String { "\(file):\(line): \(reason) (\(code.rawValue))" }
}
