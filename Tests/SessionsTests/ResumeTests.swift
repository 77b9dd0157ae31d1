import Audio
import Dialogue
import Engines
import NIOCore
import OpusCodec
import Testing
import Turns
import Wire

@testable import Sessions

/// A caller whose connection changes.
struct ResumeTests {
    /// 20 ms of Opus that the scripted detector takes for a voice, or for silence.
    private func packets(_ count: Int, loud: Bool) throws -> [[UInt8]] {
        var encoder = try OpusEncoder(OpusEncoder.Settings(sampleRate: 16_000))
        return try (0..<count).map { packet in
            try encoder.encode((0..<320).map { loud ? (($0 + packet * 320) / 20 % 2 == 0 ? 0.5 : -0.5) : 0 })
        }
    }

    @Test func aCallerWhoComesBackBeforeTheOldConnectionIsLostHearsOnAtOnce() throws {
        var script = CallScript()
        script.asked()
        script.reply(["one two three four five six seven eight nine ten."])
        script.speech(6000)
        script.silence(5000)
        let back = script.milliseconds
        script.moment(.transportBack)
        script.silence(9000)
        let runs = try script.timeline().entries.filter { $0.text.hasPrefix("audio epoch 2") }.map(\.time)
        #expect(runs.count { $0 >= back } == 1, "\(runs)")
        #expect((runs.last ?? .max) < back + 100, "\(runs)")
    }

    @Test func anAnswerThatIsReadyWaitsForTheConnection() throws {
        var script = CallScript()
        script.asked()
        script.reply(["It is on its way."], after: 900)
        script.speech(1000)
        script.silence(700)
        script.moment(.transportLost)
        script.silence(14_000)
        script.moment(.transportBack)
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.contains("agent 1 completed, heard: It is on its way."))
        #expect(!lines.contains { $0.hasPrefix("error") })
    }

    @Test func aCallerWhoIsAwayIsNotAskedWhetherTheyAreThere() throws {
        var script = CallScript { $0.limits.grace = .seconds(120) }
        script.greeted()
        script.moment(.transportLost)
        script.silence(70_000)
        script.moment(.transportBack)
        script.silence(1000)
        let lines = try script.run()
        #expect(!lines.contains { $0.hasPrefix("speak") && $0.contains("Are you still there?") })
        #expect(!lines.contains { $0.hasPrefix("close") })
    }

    @Test func packetsNumberedAnewAreHeardOnTheNewConnection() throws {
        let ear = try Ear(plan: CallPlan(agent: "test"), detector: LevelDetector())
        var windows = 0
        ear.onWindow = { _ in windows += 1 }
        let packet = try #require(try packets(1, loud: false).first)
        func send(_ count: Int) {
            for index in 0..<count {
                let header = AudioPacketHeader(sequence: UInt32(index), time: UInt32(index * 960))
                _ = ear.hear(header, payload: packet.span, at: Instant(.milliseconds(20 * index)))
            }
        }
        send(900)
        windows = 0
        ear.connectionChanged()
        send(100)
        #expect(windows > 50, "\(windows) windows of 2 s")
    }

    @Test(.timeLimit(.minutes(1))) func aCallerWhoNumbersAnewIsHeardByTheSession() async throws {
        var plan = LiveCall.plan
        plan.input = AudioFormat(sampleRate: 16_000)
        let session = try await LiveCall.session(plan: plan)
        let (first, second) = (KeptTransport(), KeptTransport())
        let (silence, voice) = (try packets(900, loud: false), try packets(50, loud: true))
        func send(_ packets: [[UInt8]]) async throws {
            try await session.loop.submit {
                for (index, packet) in packets.enumerated() {
                    session.receive(AudioPacketHeader(sequence: UInt32(index), time: UInt32(index * 960)), payload: packet.span)
                }
            }.get()
        }
        await session.attach(first, ready: LiveCall.ready(session), after: nil)
        try await send(silence)
        await session.attach(second, ready: LiveCall.ready(session, isResumed: true), after: 0)
        #expect(first.closeCode == 4409)
        try await send(voice)
        #expect(await second.first { if case .speechStarted = $0 { true } else { nil } } == true)
        await session.hangUp("caller")
    }

    @Test(.timeLimit(.minutes(1))) func manyPongsLeaveTheEventsThatAreNeededToResume() async throws {
        let session = try await LiveCall.session()
        let transport = KeptTransport()
        await session.attach(transport, ready: LiveCall.ready(session), after: nil)
        try await session.say(.text("hello"))
        _ = await transport.first { if case .agentFinished(1, _, _, _) = $0 { true } else { nil } }
        try await session.loop.submit { for number in 0..<1000 { session.receive(.ping(number)) } }.get()
        #expect(await session.canResume(after: 1))
        await session.hangUp("caller")
    }
}
