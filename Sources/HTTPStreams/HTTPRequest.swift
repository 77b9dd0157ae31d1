/// One request to send: a value, safe to keep and to send again.
package struct HTTPRequest: Sendable {
    /// Protocol version to speak.
    package enum Version: Sendable, Equatable {
        /// HTTP/2 over TLS when the server offers it, else HTTP/1.1. A slow reader of an HTTP/2 body holds the server back only
        /// after libcurl's window of 32 MB, so take it for small bodies.
        case automatic
        /// A connection of its own while it lasts; a slow reader holds the server back exactly.
        case http1
    }

    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// `multipart/form-data`, in this order; the content type with its boundary is set by libcurl.
        case form([FormPart])
    }

    /// One part of a multipart form.
    package struct FormPart: Sendable {
        package let name: String
        package let fileName: String?
        package let contentType: String?
        package let bytes: [UInt8]

        package init(name: String, fileName: String? = nil, contentType: String? = nil, bytes: [UInt8]) {
            (self.name, self.fileName, self.contentType, self.bytes) = (name, fileName, contentType, bytes)
        }
    }

    package var method: String
    /// `http` or `https`; anything else is refused with `.badRequest`.
    package var url: String
    /// Sent in this order; a value may be empty. Line ends in names or values are refused with `.badRequest`.
    package var headers: [(name: String, value: String)]
    package var body: Body
    package var limits: TimeLimits
    package var version: Version
    /// Waits to see whether a connection that is being made can take this request as well. Delays a burst to HTTP/1.1 servers.
    package var waitsForMultiplexing: Bool

    package init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: Body = .none,
        limits: TimeLimits = TimeLimits(), version: Version = .automatic, waitsForMultiplexing: Bool = false
    ) {
        (self.method, self.url, self.headers) = (method, url, headers)
        (self.body, self.limits, self.version) = (body, limits, version)
        self.waitsForMultiplexing = waitsForMultiplexing
    }
}
