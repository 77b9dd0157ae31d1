package import NIOHTTP1
internal import Wire

/// `GET /healthz`: the process answers.
package struct HealthRoute: HTTPRoute {
    package var method: HTTPMethod { .GET }
    package let path = "/healthz"

    package init() {}

    package func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        try await writer.respond(.ok, ["Content-Type": "application/json"], body: JSONValue.bytes(["status": "ok"]))
    }
}

/// `GET /readyz`: whether a new call would be served; 503 with the reasons if not.
package struct ReadyRoute: HTTPRoute {
    package var method: HTTPMethod { .GET }
    package let path = "/readyz"
    private let status: GatewayStatus
    private let reasons: @Sendable () async -> [String]

    /// - Parameter reasons: Stable words for what is missing; none if all is there. That the server drains is added.
    package init(status: GatewayStatus, reasons: @escaping @Sendable () async -> [String]) { (self.status, self.reasons) = (status, reasons) }

    package func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        var missing = await reasons()
        if status.isDraining { missing.insert("draining", at: 0) }
        let body: JSONValue = [
            "status": missing.isEmpty ? "ready" : "not_ready", "reasons": .array(missing.map(JSONValue.string)),
        ]
        try await writer.respond(missing.isEmpty ? .ok : .serviceUnavailable, ["Content-Type": "application/json"], body: body.bytes)
    }
}

/// `GET /metrics`: Prometheus text.
package struct MetricsRoute: HTTPRoute {
    package var method: HTTPMethod { .GET }
    package let path = "/metrics"
    package let needsKey: Bool
    private let text: @Sendable () async -> String

    package init(needsKey: Bool = false, text: @escaping @Sendable () async -> String) { (self.needsKey, self.text) = (needsKey, text) }

    package func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        try await writer.respond(
            .ok, ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"], body: Array(await text().utf8))
    }
}

extension JSONValue {
    fileprivate static func bytes(_ value: JSONValue) -> [UInt8] { value.bytes }
}
