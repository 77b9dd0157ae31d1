import Engines
import NIOCore
import Testing
import Wire

@testable import Sessions

/// What a session holds, and for how long.
struct SessionLifeTests {
    /// Ends its stream when nobody holds it any more.
    private final class Held: SessionObserver {
        private let end: AsyncStream<Void>.Continuation
        init(_ end: AsyncStream<Void>.Continuation) { self.end = end }
        deinit { end.finish() }
    }

    @Test(.timeLimit(.minutes(1))) func theVoicesOfFinishedRepliesAreGivenBack() async throws {
        let session = try await LiveCall.session()
        let transport = KeptTransport()
        await session.attach(transport, ready: LiveCall.ready(session), after: nil)
        for number in 1...3 {
            try await session.say(.text("hello"))
            let heard = await transport.first { if case .agentFinished(number, _, .completed, let heard) = $0 { heard } else { nil } }
            #expect(heard == "You said hello.")
        }
        #expect(await session.voices.count <= 1)
        await session.hangUp("caller")
        #expect(await session.voices.isEmpty)
        #expect(await session.jobs.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func anEndedSessionIsFreedThoughItsTimersRun() async throws {
        let (freed, end) = AsyncStream.makeStream(of: Void.self)
        var plan = LiveCall.plan
        plan.limits.session = .seconds(3600)
        weak var left: Session?
        do {
            let session = try await LiveCall.session(plan: plan, observer: Held(end))
            let transport = KeptTransport()
            left = session
            await session.attach(transport, ready: LiveCall.ready(session), after: nil)
            try await session.say(.text("hello"))
            _ = await transport.first { if case .agentStarted = $0 { true } else { nil } }
            await session.hangUp("caller")
        }
        for await _ in freed {}
        #expect(left == nil)
    }

    @Test(.timeLimit(.minutes(1))) func aTimerThatWaitsInStepsIsDueWhenItsTimeHasPassed() async throws {
        var plan = LiveCall.plan
        plan.limits.session = .milliseconds(350)
        let session = try await LiveCall.session(plan: plan, longestStep: .milliseconds(20))
        let transport = KeptTransport()
        let began = ContinuousClock.now
        await session.attach(transport, ready: LiveCall.ready(session), after: nil)
        let reason = await transport.first { if case .ended(let reason) = $0 { reason } else { nil } }
        #expect(reason == "session_limit")
        // Neither after a step nor after many.
        #expect(ContinuousClock.now - began >= .milliseconds(340))
    }

    @Test(.timeLimit(.minutes(1))) func anEndedSessionTakesNoConnection() async throws {
        let session = try await LiveCall.session()
        let (first, second) = (KeptTransport(), KeptTransport())
        #expect(await session.attach(first, ready: LiveCall.ready(session), after: nil) == 1)
        await session.hangUp("connection_lost")
        #expect(await session.attach(second, ready: LiveCall.ready(session, isResumed: true), after: 0) == nil)
        #expect(second.seqs.isEmpty)
        #expect(first.closeCode == 1000)
    }

    @Test(.timeLimit(.minutes(1))) func aVoiceThatFallsSilentInMidSentenceIsGivenUpAndTold() async throws {
        let voice = HalvingSynthesizer()
        var engines = EngineSet.scripted(by: voice)
        engines.speechLimit = .milliseconds(100)
        let session = try await LiveCall.session(engines)
        let transport = KeptTransport()
        await session.attach(transport, ready: LiveCall.ready(session), after: nil)
        try await session.say(.text("hello"))
        let message = await transport.first { if case .error(let error) = $0, error.code == "engine.timeout" { error.message } else { nil } }
        #expect(message?.contains("speech synthesis") == true)
        await session.hangUp("caller")
        #expect(await session.jobs.isEmpty)
        voice.goOn()
    }
}
