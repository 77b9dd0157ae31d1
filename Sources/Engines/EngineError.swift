/// Why an engine gave no answer, or gave it only in part.
package struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable names to log, count and send; an open set. An adapter may add its own under `engine.`.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The engine cannot be reached, or its model file is not there.
        package static let unavailable = Code(rawValue: "engine.unavailable")
        /// A time limit ran out; `detail` names which.
        package static let timeout = Code(rawValue: "engine.timeout")
        /// The service refused the key.
        package static let unauthorized = Code(rawValue: "engine.unauthorized")
        /// The service asks to slow down.
        package static let rateLimited = Code(rawValue: "engine.rate_limited")
        /// The engine refuses this request as it stands; sending it again changes nothing.
        package static let badRequest = Code(rawValue: "engine.bad_request")
        /// The answer began and broke off.
        package static let brokenOff = Code(rawValue: "engine.broken_off")
        /// The answer is not what the protocol says.
        package static let badAnswer = Code(rawValue: "engine.bad_answer")
        /// The engine has more work than it takes.
        package static let overloaded = Code(rawValue: "engine.overloaded")
        /// The engine does not serve this language.
        package static let unsupportedLanguage = Code(rawValue: "engine.unsupported_language")
        /// Anything else that went wrong inside the engine.
        package static let failed = Code(rawValue: "engine.failed")
    }

    package let code: Code
    /// For people; never a key, a prompt or what a caller said.
    package let detail: String
    /// Whether the same request may succeed a moment later.
    package let isRetryable: Bool

    package init(_ code: Code, _ detail: String, isRetryable: Bool = false) {
        (self.code, self.detail, self.isRetryable) = (code, detail, isRetryable)
    }

    package var description: String { "\(code.rawValue): \(detail)" }
}
