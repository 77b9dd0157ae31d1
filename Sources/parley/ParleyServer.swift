import Dialogue
import EmbeddedEngines
import Engines
import Foundation
import Gateway
import HTTPStreams
import LoadTest
import Logging
import NIOCore
import NIOPosix
import Sessions
import Settings
import Synchronization
import Telemetry

/// The whole server: engines, sessions and doors, made from the settings, run until drained.
struct ParleyServer: Sendable {
    let settings: ParleySettings
    let logger: Logger
    /// Features that are off, with the reason.
    let missing: [String]
    /// Which language model answers, in one line.
    let languageModel: String
    let agents: AgentLibrary
    let engines: EngineSet
    private let manager: SessionManager
    private let chats: ChatDesk
    private let gateway: GatewayServer
    private let answers: GatewayServer
    private let llama: LlamaServer<ContinuousClock>?
    private let client: HTTPClient
    private let group: MultiThreadedEventLoopGroup
    /// Where replies are encoded, so that no caller's packet waits for it.
    private let coding: MultiThreadedEventLoopGroup
    private let recordings: RecordingWriter?

    /// Checks and makes everything, and binds the ports. Nothing is taken before ``run()``.
    ///
    /// - Throws: ``StartError``, `PromptError`, `ModelError`, `EngineError` or `GatewayError`, each with what to mend.
    init(_ settings: ParleySettings, logger: Logger, registry: PrometheusRegistry) async throws {
        (self.settings, self.logger) = (settings, logger)
        let callers = settings.engines == .scripted ? ScriptedEngines.Caller.allCases : []
        let agents = try AgentLibrary(
            directory: settings.agents.directory, standard: settings.agents.standard,
            builtIn: Dictionary(uniqueKeysWithValues: callers.map { ($0.rawValue, $0.prompt) }))
        let environment = ProcessInfo.processInfo.environment
        let store = ModelStore(
            catalog: try ModelCatalog.current(), directory: try ModelStore.directory(setting: settings.dataDirectory, environment: environment))
        client = try HTTPClient()
        let cores = CoreCount.available
        let loops = settings.server.loops == 0 ? cores : settings.server.loops
        group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        coding = MultiThreadedEventLoopGroup(numberOfThreads: cores)
        Self.yieldToCallers(coding)
        let status = GatewayStatus()
        answers = GatewayServer(
            listeners: [Self.answersDoor(agents).listener(status: GatewayStatus(), logger: logger)], group: group, status: GatewayStatus(),
            logger: logger)
        try await answers.start()
        let assembly = EngineAssembly(
            settings: settings, agents: agents, client: client, store: store, logger: logger,
            answersURL: "http://127.0.0.1:\(answers.port(of: "answers") ?? 0)/v1")
        let made = try await assembly.make()
        (missing, languageModel, llama, engines) = (made.missing, made.languageModel, made.llama, made.engines)
        let metrics = CallMetrics(factory: registry)
        var observers: [any SessionObserver] = [CallMetricsObserver(metrics), CallLog(logger: logger)]
        recordings = try settings.recordDirectory.map { try RecordingWriter(folder: $0, logger: logger) }
        if let writer = recordings {
            observers.append(CallRecorder(engines: made.engines.names) { writer.write($0, $1, $2) })
        }
        let planner = CallPlanner(agents: agents, settings: settings, servesPartials: made.engines.recognizer.servesPartials)
        let audio = settings.audio
        let clock = ContinuousClock()
        let began = clock.now
        chats = ChatDesk(
            limit: settings.server.maximumSessions, languageModel: made.engines.languageModel, now: { clock.now - began }
        ) { start throws(CallRefusal) in try planner.plan(start) }
        manager = SessionManager(
            limits: .init(
                sessions: settings.server.maximumSessions, sessionsPerTenant: settings.server.maximumSessionsPerTenant,
                strain: Strain.Limits(lateness: settings.server.overload, demand: Double(settings.server.overloadPercent) / 100)),
            engines: made.engines,
            encoding: ReplyEncoding(
                isForSpeech: audio.outputApplication == .voip, bitrate: audio.outputBitrate, complexity: audio.outputComplexity, fec: audio.outputFEC,
                dtx: audio.outputDTX),
            lanes: coding.makeIterator().map { CodingLane(loop: $0) }, loops: loops, observer: SessionObservers(observers), logger: logger,
            chats: chats, threadTime: { ThreadTime.demanded }
        ) { start throws(CallRefusal) in try planner.plan(start) }
        self.agents = agents
        gateway = GatewayServer(
            listeners: DoorAssembly.listeners(
                settings, agents: agents, manager: manager, chats: chats, metrics: metrics, status: status, registry: registry, logger: logger),
            group: group, status: status, logger: logger)
        do { try await gateway.start() } catch let error as GatewayError {
            let name =
                switch error.code {
                case GatewayError.openDoor: "server.keys"
                case GatewayError.bindFailed: error.detail.hasPrefix("admin:") ? "server.admin_port" : "server.port"
                default: "server"
                }
            throw StartError(error.code, "\(name): \(error.detail)")
        }
    }

    /// Lets the kernel prefer the callers' loops where threads outnumber cores: who encodes is ahead of its listeners.
    private static func yieldToCallers(_ coding: MultiThreadedEventLoopGroup) {
        for loop in coding.makeIterator() { loop.execute { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5) } }
    }

    /// The port on which calls are taken.
    var port: Int { gateway.port(of: "calls") ?? 0 }
    var address: String { "ws://\(settings.server.host):\(port)\(settings.server.path)" }

    /// Serves until ``stop()``; then ends calls, doors and engines in this order.
    func run() async throws {
        for reason in missing { logger.warning("feature off", metadata: ["reason": "\(reason)"]) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let llama {
                group.addTask {
                    do { try await llama.run() } catch { logger.error("local model server given up", metadata: ["error": "\(error)"]) }
                }
            }
            group.addTask { try await answers.run() }
            try await gateway.run()
            await answers.drain(within: .zero)
            group.cancelAll()
            while true {
                do { guard try await group.next() != nil else { break } } catch is CancellationError {}
            }
        }
        await recordings?.finish()
        await client.shutdown()
        try await group.shutdownGracefully()
        try await coding.shutdownGracefully()
    }

    /// Lets every call finish its sentence, then closes, within the drain time.
    func stop() async {
        await chats.drain()
        await manager.drain(within: settings.server.drain)
        await gateway.drain(within: .seconds(2))
    }

    private static func answersDoor(_ agents: AgentLibrary) -> AnswersDoor {
        let responders = agents.responders()
        return AnswersDoor(models: ["answers"], now: { Int(Date().timeIntervalSince1970) }) { _, agent, messages in
            guard let responder = responders[agent] else {
                throw CallRefusal(status: 404, code: "agent.unknown", message: "there is no agent of this name")
            }
            return responder.answer(to: messages)
        }
    }
}
