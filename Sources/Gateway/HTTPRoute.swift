package import NIOHTTP1

/// One method on one path of an HTTP door.
package protocol HTTPRoute: Sendable {
    var method: HTTPMethod { get }
    /// Matched as a whole.
    var path: String { get }
    /// Largest request body, in bytes; a larger one is answered with 413.
    var bodyLimit: Int { get }
    /// Whether the door asks for one of its API keys first.
    var needsKey: Bool { get }
    /// Answers one request. Cancelled when the client goes away or the time is up.
    ///
    /// What it throws becomes a JSON error if nothing was sent yet: the status of a `CallRefusal`, else 500. After that the connection is cut.
    func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws
}

extension HTTPRoute {
    package var bodyLimit: Int { 64 * 1024 }
    package var needsKey: Bool { false }
}

/// A whole request.
package struct HTTPDoorRequest: Sendable {
    package let method: HTTPMethod
    package let path: String
    /// The target as it was sent, query and all.
    package let uri: String
    package let headers: HTTPHeaders
    package let body: [UInt8]
    /// Whose key came with the request; nil where the route asks for none.
    package let tenant: String?
    let target: RequestTarget

    /// A value of the query, decoded.
    package func query(_ name: String) -> String? { target[name] }
}
