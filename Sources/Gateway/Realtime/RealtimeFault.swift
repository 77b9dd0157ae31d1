internal import Wire

/// What a client of the realtime protocol is told went wrong. The session goes on.
struct RealtimeFault: Error, Equatable {
    var type = "invalid_request_error"
    var code: String
    var message: String
    /// Which part of the event is meant.
    var param: String?

    init(_ code: String, _ message: String, param: String? = nil) { (self.code, self.message, self.param) = (code, message, param) }

    static func invalid(_ param: String, _ rule: String) -> RealtimeFault { RealtimeFault("invalid_value", "'\(param)' \(rule).", param: param) }
    static func missing(_ param: String) -> RealtimeFault {
        RealtimeFault("missing_required_parameter", "Missing required parameter: '\(param)'.", param: param)
    }
    static let active = RealtimeFault(
        "conversation_already_has_active_response", "The conversation already has an active response. Wait until it is finished or cancel it.")
    static let notActive = RealtimeFault("response_cancel_not_active", "Cancellation failed: no active response found.")
    static let emptyCommit = RealtimeFault(
        "input_audio_buffer_commit_empty", "The input audio buffer holds less than 100 ms of audio and cannot be committed.")

    /// - Parameter event: The client's event that is meant, by its id.
    func json(event: String?) -> JSONValue {
        .object([
            "type": .string(type), "code": .string(code), "message": .string(message), "param": param.map(JSONValue.string) ?? .null,
            "event_id": event.map(JSONValue.string) ?? .null,
        ])
    }
}

/// Reads the members of one object of the realtime protocol: what is there has its type, what is not known is passed over.
struct RealtimeFields {
    let object: JSONValue
    private let path: String

    init(_ object: JSONValue, at path: String = "") { (self.object, self.path) = (object, path) }

    func name(_ field: String) -> String { path.isEmpty ? field : "\(path).\(field)" }

    /// Whether the member is there, also as null.
    func has(_ field: String) -> Bool { object.members?.contains { $0.name == field } ?? false }

    func string(_ field: String, upTo limit: Int = 256 * 1024) throws(RealtimeFault) -> String? {
        guard let value = object[field] else { return nil }
        guard let text = value.string else { throw .invalid(name(field), "must be a string") }
        guard text.utf8.count <= limit else {
            throw RealtimeFault("string_above_max_length", "'\(name(field))' has more than \(limit) bytes.", param: name(field))
        }
        return text
    }

    func required(_ field: String, upTo limit: Int = 256 * 1024) throws(RealtimeFault) -> String {
        guard let text = try string(field, upTo: limit) else { throw .missing(name(field)) }
        return text
    }

    func int(_ field: String, in range: ClosedRange<Int>) throws(RealtimeFault) -> Int? {
        guard let value = object[field] else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw .invalid(name(field), "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(_ field: String, in range: ClosedRange<Double>) throws(RealtimeFault) -> Double? {
        guard let value = object[field] else { return nil }
        let number: Double? =
            switch value {
            case .int(let number): Double(number)
            case .double(let number): number
            case .null, .bool, .string, .array, .object: nil
            }
        guard let number, range.contains(number) else { throw .invalid(name(field), "must lie in \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    func bool(_ field: String) throws(RealtimeFault) -> Bool? {
        guard let value = object[field] else { return nil }
        guard let flag = value.bool else { throw .invalid(name(field), "must be true or false") }
        return flag
    }

    func nested(_ field: String) throws(RealtimeFault) -> RealtimeFields? {
        guard let value = object[field] else { return nil }
        guard value.members != nil else { throw .invalid(name(field), "must be an object") }
        return RealtimeFields(value, at: name(field))
    }

    func list(_ field: String, upTo limit: Int) throws(RealtimeFault) -> [RealtimeFields]? {
        guard let value = object[field] else { return nil }
        guard let values = value.array, values.count <= limit, values.allSatisfy({ $0.members != nil }) else {
            throw .invalid(name(field), "must be an array of at most \(limit) objects")
        }
        return values.enumerated().map { RealtimeFields($1, at: "\(name(field))[\($0)]") }
    }
}
