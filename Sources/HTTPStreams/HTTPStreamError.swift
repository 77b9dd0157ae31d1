internal import CCurl

/// Why a request brought no answer, or its body ended early.
package struct HTTPStreamError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable names to log, count and send; an open set.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The URL or a header cannot be sent.
        package static let badRequest = Code(rawValue: "http.bad_request")
        /// The client has as many requests under way as it takes.
        package static let overloaded = Code(rawValue: "http.overloaded")
        package static let nameNotFound = Code(rawValue: "http.name_not_found")
        package static let connectFailed = Code(rawValue: "http.connect_failed")
        /// The handshake failed, or the server's certificate is not trusted.
        package static let tls = Code(rawValue: "http.tls")
        package static let connectTimeout = Code(rawValue: "http.connect_timeout")
        package static let firstByteTimeout = Code(rawValue: "http.first_byte_timeout")
        /// The head may have come, what the request was made for had not.
        package static let firstContentTimeout = Code(rawValue: "http.first_content_timeout")
        package static let idleTimeout = Code(rawValue: "http.idle_timeout")
        package static let totalTimeout = Code(rawValue: "http.total_timeout")
        /// The server closed before the first byte of an answer.
        package static let noAnswer = Code(rawValue: "http.no_answer")
        /// The answer had begun and did not end as HTTP asks.
        package static let brokenOff = Code(rawValue: "http.broken_off")
        /// A body, an event or a line is longer than its reader takes.
        package static let tooLong = Code(rawValue: "http.too_long")
        /// The client was shut down, before the request or under it.
        package static let shutDown = Code(rawValue: "http.shut_down")
        /// The answer is not HTTP, or the machine has no memory, thread or descriptor left for it.
        package static let protocolError = Code(rawValue: "http.protocol")
    }

    package let code: Code
    /// For people; never holds headers or bodies that were sent.
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code.rawValue): \(detail)" }
}

extension HTTPStreamError {
    /// - Parameter answered: A complete head has come.
    init(_ result: CURLcode, answered: Bool, detail: String) {
        let code: Code =
            switch result {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameNotFound
            case CURLE_COULDNT_CONNECT: .connectFailed
            // The only limit libcurl is given is the one for connecting, so its only timeout has one meaning.
            case CURLE_OPERATION_TIMEDOUT: .connectTimeout
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
                .tls
            case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: .badRequest
            case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM, CURLE_HTTP2, CURLE_GOT_NOTHING, CURLE_SEND_ERROR:
                answered ? .brokenOff : .noAnswer
            default: .protocolError
            }
        self.init(code, detail)
    }
}
