import Engines
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing
import Turns
import Wire

@testable import Sessions

/// Windows of several sessions are judged together, and each session is none the wiser.
@Suite(.timeLimit(.minutes(1)))
struct VoiceRoundTests {
    /// Takes three streams at once and keeps how many it was given each time.
    private final class Together: VoiceDetectorMaker {
        let name = "together"
        let streamsTogether = 3
        let groups = Mutex<[Int]>([])

        func makeDetector() -> any VoiceDetector { LevelDetector() }

        func judge(_ windows: Span<Float>, by detectors: [any VoiceDetector], into probabilities: inout [Float]) {
            groups.withLock { $0.append(detectors.count) }
            for (place, detector) in detectors.enumerated() {
                probabilities[place] = detector.probability(of: windows.extracting(place * 512..<(place + 1) * 512))
            }
        }
    }

    /// What sessions handled, in order.
    private final class Order: SessionObserver {
        let seen = Mutex<[(session: String, event: String, at: Instant)]>([])

        func handles(_ event: ConversationEvent, at now: Instant, session: String) {
            let name: String? =
                switch event {
                case .voice(.onset): "onset"
                case .client(.text): "text"
                case .transportLost: "lost"
                default: nil
                }
            if let name { seen.withLock { $0.append((session, name, now)) } }
        }
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let order = Order()
    private let maker = Together()

    /// So many sessions whose callers are about to speak.
    private func sessions(_ count: Int) async throws -> [Session] {
        let made = try await loop.submit {
            let round = NIOLoopBound(VoiceRound(maker, loop: loop), eventLoop: loop)
            var engines = EngineSet.scripted
            engines.voice = maker
            return try (0..<count).map {
                try Session(
                    id: "\($0)", plan: LiveCall.plan, engines: engines, encoding: ReplyEncoding(), phrases: PhraseCache(), lane: LiveCall.lane,
                    loop: loop, ticker: NIOLoopBound(PacingTicker(loop: loop), eventLoop: loop), round: round, strains: [], observer: order,
                    logger: Logger(label: "test"), phase: 0)
            }
        }.get()
        for session in made { await session.attach(KeptTransport(), ready: LiveCall.ready(session), after: nil) }
        return made
    }

    /// Hands a session a window of sound.
    private func speak(to session: Session, _ number: UInt32 = 0) {
        let payload = (0..<512).flatMap { [UInt8(0), UInt8($0 % 2 == 0 ? 0x20 : 0xE0)] }
        session.receive(AudioPacketHeader(sequence: number, time: number * 1536), payload: payload.span)
    }

    private func seen() -> [String] { order.seen.withLock { $0.map { "\($0.session) \($0.event)" } } }

    @Test func aFullRoundIsJudgedAtOnceAndTheRestAtTheEndOfTheTurn() async throws {
        let sessions = try await sessions(5)
        let inTurn = try await loop.submit {
            for session in sessions { speak(to: session) }
            return (maker.groups.withLock { $0 }, seen())
        }.get()
        #expect(inTurn.0 == [3])
        #expect(inTurn.1 == ["0 onset", "1 onset", "2 onset"])
        // What is submitted now comes after what was left for the end of that turn.
        let after = try await loop.submit { (maker.groups.withLock { $0 }, seen()) }.get()
        #expect(after.0 == [3, 2])
        #expect(after.1 == ["0 onset", "1 onset", "2 onset", "3 onset", "4 onset"])
    }

    @Test func whatHappensAfterwardsWaitsForWhatWasHeardBefore() async throws {
        let sessions = try await sessions(2)
        try await loop.submit {
            speak(to: sessions[0])
            speak(to: sessions[1])
            sessions[0].receive(.text("hello"))
            sessions[1].transportLost()
        }.get()
        #expect(seen() == ["0 onset", "0 text", "1 onset", "1 lost"])
        let times = order.seen.withLock { $0.map(\.at) }
        #expect(times[0] <= times[1] && times[2] <= times[3])
        // Both were judged by themselves: nothing is left for the round.
        try await loop.submit {}.get()
        #expect(maker.groups.withLock { $0 }.isEmpty)
    }

    @Test func aSecondPacketFindsTheFirstJudged() async throws {
        let sessions = try await sessions(1)
        try await loop.submit {
            speak(to: sessions[0])
            #expect(seen().isEmpty)
            speak(to: sessions[0], 1)
            #expect(seen() == ["0 onset"])
        }.get()
        try await loop.submit {}.get()
        #expect(maker.groups.withLock { $0 } == [1])
    }

    @Test func aDetectorThatGainsNothingIsAskedAtOnce() async throws {
        let session = try await LiveCall.session(observer: order)
        try await session.loop.submit {
            speak(to: session)
            #expect(seen() == ["test onset"])
        }.get()
    }
}
