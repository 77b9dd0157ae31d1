package import Logging
internal import NIOCore
internal import NIOHTTP1
package import Sessions
internal import Wire

/// The door for the OpenAI Realtime API.
package struct RealtimeDoor: SocketDoor {
    static let subprotocol = "realtime"
    private static let keyPrefix = "openai-insecure-api-key."
    private static let betaProtocol = "openai-beta.realtime-v1"

    package let settings: SocketDoorSettings
    let host: any CallHost
    let status: GatewayStatus
    let logger: Logger
    let keys: EphemeralKeys
    private let clock: @Sendable () -> Int
    private let passesVoices: Bool
    private let agents: @Sendable (String) -> Bool
    private let lifetime: Int

    /// Limits that suit this protocol: audio is text in it, and may come in long messages.
    package static var settings: SocketDoorSettings {
        var settings = SocketDoorSettings()
        settings.paths = ["/v1/realtime", "/realtime"]
        settings.messageBytes = 24 << 20
        settings.bytesPerSecond = 2 << 20
        settings.byteBurst = 48 << 20
        settings.messagesPerSecond = 1_000
        settings.openingMessages = 256
        settings.audioBacklog = 256 * 1024
        settings.eventBacklog = 4 << 20
        return settings
    }

    /// - Parameters:
    ///   - keys: Those made by ``RealtimeRoutes``.
    ///   - lifetime: Seconds after which a session ends.
    ///   - passesVoices: Whether the names of voices that clients use are the synthesizer's.
    ///   - clock: Seconds since 1970.
    ///   - agents: Whether there is an agent of this name; it answers where a client asks for it as its model.
    package init(
        settings: SocketDoorSettings = Self.settings, host: any CallHost, keys: EphemeralKeys, status: GatewayStatus, logger: Logger,
        lifetime: Int = 3600, passesVoices: Bool = false, clock: @escaping @Sendable () -> Int,
        agents: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        (self.settings, self.host, self.keys, self.status, self.logger) = (settings, host, keys, status, logger)
        (self.lifetime, self.passesVoices, self.clock, self.agents) = (lifetime, passesVoices, clock, agents)
    }

    func tenant(of head: HTTPRequestHead) -> Result<String, CallRefusal> {
        let key = Self.key(head)
        return admit(head, tenant: key.flatMap { keys.entry(of: $0, now: clock())?.tenant } ?? settings.keys.tenant(of: key))
    }

    private static func key(_ head: HTTPRequestHead) -> String? {
        head.headers.bearer ?? head.headers.first(name: "api-key")
            ?? head.headers.offeredSubprotocols.first { $0.hasPrefix(keyPrefix) }.map { String($0.dropFirst(keyPrefix.count)) }
    }

    /// Browsers insist on an answer to what they offer; who offers nothing gets none.
    func subprotocol(of head: HTTPRequestHead) -> String? { head.headers.offeredSubprotocols.contains(Self.subprotocol) ? Self.subprotocol : nil }

    func makeSpeaker(for head: HTTPRequestHead) -> any SocketSpeaker {
        let target = RequestTarget(head.uri)
        let model = target["model"].flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 } ?? "parley"
        let entry = Self.key(head).flatMap { keys.entry(of: $0, now: clock()) }
        var config = entry?.config ?? RealtimeConfig(model: model)
        if target["intent"] == "transcription" { config.kind = .transcription }
        let identity = RealtimeTranslator.Identity(
            salt: SessionManager.randomName(), model: config.model, expiry: clock() + lifetime, passesVoices: passesVoices)
        let headers = head.headers
        let isBeta =
            headers[canonicalForm: "openai-beta"].contains { $0.hasPrefix("realtime") } || headers.offeredSubprotocols.contains(Self.betaProtocol)
        var start = SessionStart(
            input: config.input.format, output: config.output.format, client: headers.first(name: "user-agent").map { String($0.prefix(200)) })
        (start.isDirected, start.lead) = (true, .milliseconds(600))
        if agents(model) { start.agent = model }
        return RealtimeSpeaker(RealtimeTranslator(identity: identity, config: config), start: start, isBeta: isBeta)
    }

    func body(of refusal: CallRefusal) -> JSONValue { RealtimeRoutes.body(of: refusal) }
}
