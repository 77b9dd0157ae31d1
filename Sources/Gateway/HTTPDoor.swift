package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Sessions
internal import Synchronization
internal import Wire

/// What an HTTP door lets one request have.
package struct HTTPDoorSettings: Sendable {
    /// From the head of a request to the end of its body.
    package var request: Duration = .seconds(10)
    /// From the end of a request to the end of its answer.
    package var response: Duration = .seconds(120)
    /// Requests answered at one time; more get 503.
    package var concurrency = 64
    package var keys = KeyRing()

    package init() {}
}

/// A table of routes, and the rules for all of them.
package final class HTTPDoor: Sendable {
    package let settings: HTTPDoorSettings
    let status: GatewayStatus
    private let routes: [any HTTPRoute]
    private let logger: Logger
    private let running = Atomic(0)

    package init(settings: HTTPDoorSettings = HTTPDoorSettings(), routes: [any HTTPRoute], status: GatewayStatus, logger: Logger) {
        (self.settings, self.routes, self.status, self.logger) = (settings, routes, status, logger)
    }

    enum Match {
        case route(any HTTPRoute)
        case refusal(CallRefusal, headers: HTTPHeaders)
    }

    func match(_ head: HTTPRequestHead) -> Match {
        let path = RequestTarget(head.uri).path
        let here = routes.filter { $0.path == path }
        if let route = here.first(where: { $0.method == head.method }) { return .route(route) }
        if here.isEmpty { return .refusal(.notFound, headers: [:]) }
        let allowed = Set(here.map(\.method.rawValue)).sorted().joined(separator: ", ")
        return .refusal(
            CallRefusal(status: 405, code: "gateway.method_not_allowed", message: "this method is not for this path"),
            headers: ["Allow": allowed])
    }

    /// Answers a whole request; never throws.
    func serve(_ route: any HTTPRoute, _ head: HTTPRequestHead, body: [UInt8], writer: HTTPDoorWriter) async {
        let (_, now) = running.add(1, ordering: .relaxed)
        defer { running.subtract(1, ordering: .relaxed) }
        status.add(.requests)
        do {
            guard now <= settings.concurrency else {
                throw CallRefusal(status: 503, code: "gateway.busy", message: "too many requests at one time", retryAfter: 1)
            }
            let target = RequestTarget(head.uri)
            var tenant: String?
            if route.needsKey {
                tenant = settings.keys.tenant(of: head.headers.bearer ?? target["key"])
                if tenant == nil { throw CallRefusal.badKey }
            }
            let request = HTTPDoorRequest(
                method: head.method, path: target.path, uri: head.uri, headers: head.headers, body: body, tenant: tenant, target: target)
            try await route.respond(to: request, writer: writer)
            if writer.isFresh { throw CallRefusal(status: 500, code: "gateway.internal", message: "no answer") }
            try await writer.end()
        } catch {
            guard writer.isFresh else { return writer.cut() }
            let refusal = error as? CallRefusal ?? CallRefusal(status: 500, code: "gateway.internal", message: "the request failed")
            if !(error is CallRefusal), !(error is CancellationError) {
                logger.error("route failed", metadata: ["path": "\(route.path)", "error": "\(type(of: error))"])
            }
            await Self.refuse(refusal, writer: writer)
        }
    }

    /// Answers with the body, or with `{"error":{"code","message"}}`.
    static func refuse(_ refusal: CallRefusal, headers: HTTPHeaders = [:], body: JSONValue? = nil, writer: HTTPDoorWriter) async {
        var headers = headers
        headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        if let seconds = refusal.retryAfter { headers.replaceOrAdd(name: "Retry-After", value: String(seconds)) }
        if refusal.status == 401 { headers.replaceOrAdd(name: "WWW-Authenticate", value: "Bearer") }
        if refusal.status == 426 {
            headers.replaceOrAdd(name: "Upgrade", value: "websocket")
            headers.replaceOrAdd(name: "Sec-WebSocket-Protocol", value: NativeDoor.subprotocol)
            headers.replaceOrAdd(name: "Sec-WebSocket-Version", value: "13")
        }
        try? await writer.respond(HTTPResponseStatus(statusCode: refusal.status), headers, body: (body ?? Self.body(of: refusal)).bytes)
    }

    static func body(of refusal: CallRefusal) -> JSONValue {
        ["error": ["code": .string(refusal.code), "message": .string(refusal.message)]]
    }
}
