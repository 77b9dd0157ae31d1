package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
package import Sessions

/// The door for `parley.v1`: who may come in is decided before the upgrade, in HTTP.
package struct NativeDoor: Sendable {
    package static let subprotocol = "parley.v1"
    private static let keyPrefix = "parley.key."

    package let settings: NativeDoorSettings
    let host: any CallHost
    let status: GatewayStatus
    let logger: Logger

    package init(settings: NativeDoorSettings, host: any CallHost, status: GatewayStatus, logger: Logger) {
        (self.settings, self.host, self.status, self.logger) = (settings, host, status, logger)
    }

    /// The tenant of an upgrade request that may be admitted.
    func tenant(of head: HTTPRequestHead) -> Result<String, CallRefusal> {
        let target = RequestTarget(head.uri)
        guard target.path == settings.path else {
            return .failure(CallRefusal(status: 404, code: "gateway.not_found", message: "nothing is here"))
        }
        let offered = head.headers[canonicalForm: "sec-websocket-protocol"]
        guard offered.contains(where: { $0 == Self.subprotocol }) else {
            return .failure(
                CallRefusal(status: 426, code: "gateway.subprotocol_required", message: "offer the subprotocol \(Self.subprotocol)"))
        }
        if let origin = head.headers.first(name: "origin"), !allows(origin) {
            return .failure(CallRefusal(status: 403, code: "gateway.origin_refused", message: "pages of this origin may not call"))
        }
        let key =
            Self.bearer(head.headers) ?? target["key"]
            ?? offered.first { $0.hasPrefix(Self.keyPrefix) }.map { String($0.dropFirst(Self.keyPrefix.count)) }
        guard let tenant = settings.keys.tenant(of: key) else {
            return .failure(CallRefusal(status: 401, code: "gateway.bad_key", message: "the API key is missing or not known"))
        }
        if status.isDraining {
            return .failure(
                CallRefusal(status: 503, code: "gateway.draining", message: "the server is shutting down", retryAfter: 5))
        }
        return .success(tenant)
    }

    static func bearer(_ headers: HTTPHeaders) -> String? {
        guard let value = headers.first(name: "authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }

    /// A page of another machine must not reach a door that asks for no key through the browser of somebody near it.
    private func allows(_ origin: String) -> Bool {
        if settings.origins.contains("*") || settings.origins.contains(origin) { return true }
        guard settings.origins.isEmpty else { return false }
        if !settings.keys.isOpen { return true }
        guard let start = origin.range(of: "://")?.upperBound else { return false }
        var host = origin[start...]
        if host.hasPrefix("[") {
            host = host.dropFirst().prefix { $0 != "]" }
        } else {
            host = host.prefix { $0 != ":" && $0 != "/" }
        }
        return NativeDoorSettings.isLoopback(String(host))
    }
}

extension StringProtocol {
    /// The first place of a text, by scalars; for short needles only.
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
