package import Logging
internal import NIOCore
internal import NIOHTTP1
package import Sessions
internal import Wire

/// The door for telephone carriers: a media stream of each comes to a path of its own.
///
/// Twilio signs its requests. The others are asked for a key of the house, in the query of the address that they are given.
package struct PhoneDoor: SocketDoor {
    package static func path(of carrier: Carrier) -> String { "/v1/phone/\(carrier.rawValue)" }

    let settings: SocketDoorSettings
    let host: any CallHost
    let status: GatewayStatus
    let logger: Logger
    private let signature: TwilioSignature?

    /// - Parameters:
    ///   - settings: Its paths and rates are replaced by those of telephone streams.
    ///   - signature: What Twilio's requests are checked by; nil takes them as those of the others.
    package init(
        settings: SocketDoorSettings, signature: TwilioSignature?, host: any CallHost, status: GatewayStatus, logger: Logger
    ) {
        var settings = settings
        settings.paths = Carrier.allCases.map(Self.path)
        // Fifty pieces of audio a second are text messages here, and so is each mark; a stalled network brings them all at once.
        settings.messagesPerSecond = 250
        (self.settings, self.signature, self.host, self.status, self.logger) = (settings, signature, host, status, logger)
    }

    func tenant(of head: HTTPRequestHead) -> Result<String, CallRefusal> {
        let target = RequestTarget(head.uri)
        guard let signature, Self.carrier(at: target.path) == .twilio else {
            return admit(head, tenant: settings.keys.tenant(of: head.headers.bearer ?? target["key"]))
        }
        guard signature.signs(head, scheme: "wss", form: []) else { return .failure(TwilioSignature.refusal) }
        return admit(head, tenant: signature.tenant)
    }

    func subprotocol(of head: HTTPRequestHead) -> String? { nil }

    func makeSpeaker(for head: HTTPRequestHead) -> any SocketSpeaker {
        let target = RequestTarget(head.uri)
        var options = target.values
        options["key"] = nil
        return PhoneSpeaker(PhoneCall(Self.carrier(at: target.path) ?? .twilio, options: options))
    }

    private static func carrier(at path: String) -> Carrier? { Carrier.allCases.first { Self.path(of: $0) == path } }
}
