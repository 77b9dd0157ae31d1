internal import Engines
internal import Foundation
internal import HTTPStreams

/// An engine's error with what a retry needs to know.
struct RemoteFailure: Error {
    var error: EngineError
    /// The wait the service asked for.
    var retryAfter: Duration?

    init(_ error: EngineError, retryAfter: Duration? = nil) { (self.error, self.retryAfter) = (error, retryAfter) }
    init(_ code: EngineError.Code, _ detail: String, isRetryable: Bool = false) { self.init(EngineError(code, detail, isRetryable: isRetryable)) }

    /// A failure on the way.
    init(_ failure: HTTPStreamError) {
        let (code, isRetryable): (EngineError.Code, Bool) =
            switch failure.code {
            case .badRequest: (.badRequest, false)
            case .nameNotFound, .connectFailed, .noAnswer: (.unavailable, true)
            case .tls, .shutDown: (.unavailable, false)
            case .connectTimeout, .firstByteTimeout, .firstContentTimeout, .idleTimeout, .totalTimeout: (.timeout, true)
            case .brokenOff: (.brokenOff, true)
            case .overloaded: (.overloaded, true)
            case .tooLong, .protocolError: (.badAnswer, false)
            default: (.failed, false)
            }
        self.init(EngineError(code, failure.description, isRetryable: isRetryable))
    }

    /// A refusal by status. Of the body only identifiers are repeated: its message may quote the key or the prompt.
    init(_ response: HTTPResponse, body: [UInt8]) {
        let told = ServiceError(body)
        let (code, mayRetry) = Self.code(response.status)
        // A spent quota comes as 429 too, and does not fill up while a caller waits.
        let isRetryable =
            switch response.header("x-should-retry")?.lowercased() {
            case "true": true
            case "false": false
            default: mayRetry && told.code != "insufficient_quota"
            }
        var detail = "HTTP \(response.status)"
        if let name = told.code ?? told.type { detail += " \(name)" }
        if let id = (response.header("x-request-id") ?? response.header("request-id")).flatMap(ServiceError.identifier) {
            detail += ", request \(id)"
        }
        self.init(EngineError(code, detail, isRetryable: isRetryable), retryAfter: response.retryAfter)
    }

    /// A refusal within a stream that began well.
    init(_ told: ServiceError) {
        let name = told.code ?? told.type ?? "no code"
        let (code, isRetryable): (EngineError.Code, Bool) =
            switch (told.type ?? "", told.code ?? "") {
            case ("overloaded_error", _), (_, "overloaded"): (.overloaded, true)
            case ("rate_limit_error", _), (_, "rate_limit_exceeded"): (.rateLimited, true)
            case ("authentication_error", _), ("permission_error", _), (_, "invalid_api_key"): (.unauthorized, false)
            case ("invalid_request_error", _): (.badRequest, false)
            case ("api_error", _), ("server_error", _), (_, "server_error"): (.failed, true)
            default: told.code.flatMap { Int($0) }.map(Self.code) ?? (.failed, true)
            }
        self.init(EngineError(code, "the service broke off with \(name)", isRetryable: isRetryable))
    }

    private static func code(_ status: Int) -> (EngineError.Code, isRetryable: Bool) {
        switch status {
        case 401, 402, 403: (.unauthorized, false)
        case 404: (.unavailable, false)
        case 408, 504: (.timeout, true)
        case 409: (.failed, true)
        case 429: (.rateLimited, true)
        case 503, 529: (.overloaded, true)
        case 400..<500: (.badRequest, false)
        case 500...: (.failed, true)
        default: (.badAnswer, false)
        }
    }
}

/// What a service says of an error, in any of the usual shapes: `{"error":{"type","code"}}`, `{"error":"…"}`, `{"detail":…}`.
struct ServiceError: Decodable {
    /// Identifiers only, so that nothing that was sent can come back in them.
    var type: String?
    var code: String?

    private enum Keys: String, CodingKey { case error, type, code }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Keys.self)
        let inner = (try? outer.nestedContainer(keyedBy: Keys.self, forKey: .error)) ?? outer
        type = (try? inner.decode(String.self, forKey: .type)).flatMap(Self.identifier)
        code =
            (try? inner.decode(String.self, forKey: .code)).flatMap(Self.identifier)
            ?? (try? inner.decode(Int.self, forKey: .code)).map(String.init)
    }

    init(_ body: [UInt8]) {
        if let known = try? JSONDecoder().decode(ServiceError.self, from: Data(body)) { self = known }
    }

    /// The text if it is a name and no sentence: letters, digits, `_`, `-` and `.`, at most 64 of them, and not shaped like a key.
    static func identifier(_ text: String) -> String? {
        let isName = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isName && !text.isEmpty && text.utf8.count <= 64 && !text.lowercased().hasPrefix("sk-") ? text : nil
    }
}
