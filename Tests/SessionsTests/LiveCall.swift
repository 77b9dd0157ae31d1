import Engines
import Logging
import NIOCore
import NIOPosix
import Turns
import Wire

@testable import Sessions

/// Makes sessions and their managers on real event loops. A session ends by itself soon, so that a test that waits in vain ends too.
enum LiveCall {
    struct Quiet: SessionObserver {}

    /// A plan in PCM at the scripted engines' rate, with no line and no pause.
    static var plan: CallPlan {
        var plan = CallPlan(
            agent: "test", input: AudioFormat(codec: .pcm16, sampleRate: 16_000), output: AudioFormat(codec: .pcm16, sampleRate: 24_000),
            sentencePause: .zero, partialEvery: nil)
        plan.limits.session = .seconds(10)
        return plan
    }

    static func session(
        _ engines: EngineSet = .scripted, plan: CallPlan = plan, observer: any SessionObserver = Quiet(), longestStep: TimeAmount = .seconds(60)
    ) async throws -> Session {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.submit {
            try Session(
                id: "test", plan: plan, engines: engines, encoding: ReplyEncoding(), phrases: PhraseCache(), lane: lane, loop: loop,
                ticker: NIOLoopBound(PacingTicker(loop: loop), eventLoop: loop),
                round: NIOLoopBound(VoiceRound(engines.voice, loop: loop), eventLoop: loop),
                strains: [], observer: observer, logger: Logger(label: "test"),
                phase: 0, longestStep: longestStep)
        }.get()
    }

    static let lane = CodingLane(loop: MultiThreadedEventLoopGroup.singleton.next())
    static var loop: any EventLoop { MultiThreadedEventLoopGroup.singleton.next() }

    static func manager(_ plan: CallPlan, _ engines: EngineSet) -> SessionManager {
        SessionManager(limits: SessionManager.Limits(), engines: engines, lanes: [lane], observer: Quiet(), logger: Logger(label: "test")) {
            _ throws(CallRefusal) in plan
        }
    }

    static func manager(_ limits: SessionManager.Limits) -> SessionManager {
        SessionManager(limits: limits, engines: .scripted, lanes: [lane], observer: Quiet(), logger: Logger(label: "test")) {
            _ throws(CallRefusal) in plan
        }
    }

    static func ready(_ session: Session, isResumed: Bool = false) -> SessionReady {
        SessionReady(
            session: session.id, resumeToken: "token", resumed: isResumed, agent: "test", language: "en", input: session.plan.input,
            output: session.plan.output, limits: session.plan.limits, engines: [:])
    }
}

extension Session {
    /// Hands it what a client says, as a door does.
    nonisolated func say(_ event: ClientEvent) async throws { try await loop.submit { self.receive(event) }.get() }
}
