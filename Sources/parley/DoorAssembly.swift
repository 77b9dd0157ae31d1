import Foundation
import Gateway
import Logging
import Sessions
import Settings
import Telemetry

/// The doors of a server, as the settings want them.
enum DoorAssembly {
    static func listeners(
        _ settings: ParleySettings, agents: AgentLibrary, manager: SessionManager, chats: ChatDesk, metrics: CallMetrics,
        status: GatewayStatus, registry: PrometheusRegistry, logger: Logger
    ) -> [Listener] {
        let host = MeteredHost(host: manager, metrics: metrics)
        let clock: @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
        var door = SocketDoorSettings()
        door.paths = [settings.server.path]
        door.idle = settings.session.idle
        admit(&door, settings)
        let native = NativeDoor(settings: door, host: host, status: status, logger: logger)

        let publicURL = settings.server.publicURL
        let signature = settings.twilioKey.map { TwilioSignature(token: $0.value, publicURL: publicURL ?? "") }
        let phone = PhoneDoor(settings: door, signature: signature, host: host, status: status, logger: logger)

        var own = RealtimeDoor.settings
        // Whoever types or presses to talk is silent for as long as they like.
        own.idle = settings.session.maximum
        admit(&own, settings)
        let keys = EphemeralKeys()
        let realtime = RealtimeDoor(
            settings: own, host: host, keys: keys, status: status, logger: logger, lifetime: Int(settings.session.maximum / .seconds(1)),
            passesVoices: settings.synthesizer.engine == .openai, clock: clock
        ) { agents.names.contains($0) }

        var forCallers: [any HTTPRoute] = [
            HealthRoute(), AgentsRoute(agents: agents.listing, standard: agents.standard, callPath: settings.server.path),
            ChatRoute(host: chats, door: door, logger: logger),
        ]
        forCallers += RealtimeRoutes(keys: keys, ring: own.keys, clock: clock).all
        if settings.server.hasPage { forCallers += PageRoutes.all }
        if let publicURL { forCallers += TwilioAnswerRoute.both(publicURL: publicURL, signature: signature) }
        let forOperators: [any HTTPRoute] = [
            ReadyRoute(status: status) { await manager.refusal.map { [$0] } ?? [] },
            MetricsRoute { registry.text(process: ProcessSample.current()) },
        ]
        var http = HTTPDoorSettings()
        http.keys = door.keys
        let isOnePort = settings.server.adminPort == 0
        let calls = HTTPDoor(settings: http, routes: isOnePort ? forCallers + forOperators : forCallers, status: status, logger: logger)
        let listener = Listener(
            name: "calls", host: settings.server.host, port: settings.server.port, native: native, phone: phone, realtime: realtime, http: calls)
        guard !isOnePort else { return [listener] }
        let admin = HTTPDoor(routes: [HealthRoute()] + forOperators, status: status, logger: logger)
        return [listener, Listener(name: "admin", host: settings.server.host, port: settings.server.adminPort, http: admin)]
    }

    /// Whom every door lets in.
    private static func admit(_ door: inout SocketDoorSettings, _ settings: ParleySettings) {
        door.keys = KeyRing(settings.server.keys.value)
        door.allowsOpen = settings.server.allowsOpen
        door.origins = Set(settings.server.origins)
        door.handshake = settings.server.handshake
    }
}
