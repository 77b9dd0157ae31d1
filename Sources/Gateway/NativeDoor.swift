package import Logging
internal import NIOCore
internal import NIOHTTP1
package import Sessions

/// The door for `parley.v1`.
package struct NativeDoor: SocketDoor {
    package static let subprotocol = "parley.v1"
    private static let keyPrefix = "parley.key."

    package let settings: SocketDoorSettings
    let host: any CallHost
    let status: GatewayStatus
    let logger: Logger

    package init(settings: SocketDoorSettings, host: any CallHost, status: GatewayStatus, logger: Logger) {
        (self.settings, self.host, self.status, self.logger) = (settings, host, status, logger)
    }

    func tenant(of head: HTTPRequestHead) -> Result<String, CallRefusal> {
        let offered = head.headers.offeredSubprotocols
        guard offered.contains(Self.subprotocol) else {
            return .failure(
                CallRefusal(status: 426, code: "gateway.subprotocol_required", message: "offer the subprotocol \(Self.subprotocol)"))
        }
        let key =
            head.headers.bearer ?? RequestTarget(head.uri)["key"]
            ?? offered.first { $0.hasPrefix(Self.keyPrefix) }.map { String($0.dropFirst(Self.keyPrefix.count)) }
        return admit(head, tenant: settings.keys.tenant(of: key))
    }

    func subprotocol(of head: HTTPRequestHead) -> String? { Self.subprotocol }

    func makeSpeaker(for head: HTTPRequestHead) -> any SocketSpeaker { NativeSpeaker() }
}
