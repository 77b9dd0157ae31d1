import Audio
import EmbeddedEngines
import Engines
import OpusCodec
import SharedFolder
import Testing
import Turns
import Wire

@testable import Sessions

/// Packets that an ear leaves undecoded while nobody speaks.
struct RestTests {
    /// Hears any sound above a level as speech, and lets windows go by once one was quiet.
    private final class Resting: VoiceDetector {
        private(set) var heard = 0
        private(set) var rests = 0
        private(set) var resting: Float?

        func probability(of window: Span<Float>) -> Float {
            heard += 1
            let isLoud = Loudness.rms(window) > -40
            resting = isLoud ? nil : 0.02
            return isLoud ? 0.95 : 0.02
        }

        func rested(through window: Span<Float>) { rests += 1 }

        func reset() { resting = nil }
    }

    /// An ear and all that it said.
    private final class Listener {
        let ear: Ear
        let detector: any VoiceDetector
        var events: [VoiceEvent] = []
        var windows: [Float] = []
        private var next: UInt32 = 0

        init(_ detector: any VoiceDetector, prefix: Duration = .milliseconds(300)) throws {
            let plan = CallPlan(agent: "test", input: AudioFormat(sampleRate: 16_000), prefix: prefix)
            (ear, self.detector) = (try Ear(plan: plan, detector: detector, phase: 100), detector)
            ear.onWindow = { [weak self] in self?.windows.append($0) }
        }

        var now: Instant { Instant(.milliseconds(20 * Int(next))) }

        func hear(_ packets: some Sequence<[UInt8]>) {
            for packet in packets {
                next += 1
                if ear.hear(AudioPacketHeader(sequence: next, time: next * 960), payload: packet.span, at: now) { events += ear.events }
            }
        }

        func lose(_ count: UInt32) { next += count }
    }

    /// Packets of a quiet room, of a voice, and of the room again.
    private static let call: Result<(room: [[UInt8]], voice: [[UInt8]]), any Error> = Result {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.bitrate = 24_000
        var encoder = try OpusEncoder(settings)
        var generator = SeededGenerator(5, stream: 0)
        // An encoder takes the first sound of a call for voice until it knows the room.
        let room = try (0..<400).map { packet in
            let level: Float = packet < 5 ? 0.005 : 0.0005
            return try encoder.encode((0..<320).map { _ in Float.random(in: -level...level, using: &generator) })
        }
        let voice = try (0..<40).map { packet in
            try encoder.encode((0..<320).map { ($0 + packet * 320) / 60 % 2 == 0 ? 0.3 : -0.3 })
        }
        return (room, voice)
    }

    @Test func aQuietCallerIsHardlyDecoded() throws {
        let packets = try Self.call.get()
        let listener = try Listener(Resting())
        listener.hear(packets.room)
        let detector = try #require(listener.detector as? Resting)
        #expect(detector.heard < 60, "\(detector.heard) of 250 windows")
        #expect(listener.ear.counters.received == 400 && listener.ear.counters.lost == 0)
        // At the end of every rest all its windows are told of.
        listener.ear.catchUp()
        #expect(listener.windows.count == (400 * 320 + 100) / 512)
    }

    @Test func aVoiceAfterARestIsHeardWithWhatCameBeforeIt() throws {
        let packets = try Self.call.get()
        let (resting, hearing) = (try Listener(Resting()), try Listener(LevelDetector()))
        for listener in [resting, hearing] {
            listener.hear(packets.room)
            listener.hear(packets.voice)
        }
        #expect(!resting.events.isEmpty && resting.events == hearing.events)
        #expect(resting.windows == hearing.windows)
        let (short, long) = (resting.ear.utterance.samples, hearing.ear.utterance.samples)
        #expect(short.count == long.count && short.count > (300 + 700) * 16)
        let difference = zip(short, long).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(difference < 0.01, "\(difference)")
    }

    @Test func theLongestPrefixIsKeptThroughARest() throws {
        let packets = try Self.call.get()
        let listener = try Listener(Resting(), prefix: .seconds(2))
        listener.hear(packets.room)
        listener.hear(packets.voice)
        #expect(listener.ear.utterance.length > (2000 + 700) * 16)
    }

    @Test func aRestEndsAfterTwoSecondsAtTheLatest() throws {
        let packets = try Self.call.get()
        let listener = try Listener(Resting())
        listener.hear(packets.room)
        let detector = try #require(listener.detector as? Resting)
        #expect(detector.rests >= 2)
    }

    @Test func nothingIsLeftUndecodedWhileTheAgentSpeaks() throws {
        let packets = try Self.call.get()
        let listener = try Listener(Resting())
        listener.hear(packets.room[..<360])
        listener.ear.note(.plays([BandLevels(decibels: SIMD8(repeating: -20))], sounds: listener.now), at: listener.now)
        #expect(listener.windows.count == (360 * 320 + 100) / 512)
        listener.hear(packets.room[360..<380])
        #expect(listener.windows.count == (380 * 320 + 100) / 512)
    }

    @Test func aGapInARestIsFilledWhereItLies() throws {
        let packets = try Self.call.get()
        let (resting, hearing) = (try Listener(Resting()), try Listener(LevelDetector()))
        for listener in [resting, hearing] {
            listener.hear(packets.room[..<350])
            listener.lose(3)
            listener.hear(packets.room[350...])
            listener.hear(packets.voice)
        }
        #expect(resting.ear.counters.lost == 3)
        #expect(resting.events == hearing.events)
        #expect(resting.windows == hearing.windows)
        #expect(resting.ear.utterance.length == hearing.ear.utterance.length)
    }

    @Test func whatWasLeftUndecodedIsNotLostWithTheConnection() throws {
        let packets = try Self.call.get()
        let listener = try Listener(Resting())
        listener.hear(packets.room)
        listener.ear.connectionChanged()
        #expect(listener.windows.count == (400 * 320 + 100) / 512)
        listener.hear(packets.voice)
        #expect(listener.ear.utterance.length > (300 + 700) * 16)
    }

    // MARK: people

    private static let needs = InstalledSilero.path != nil && Recordings.areHere

    /// Where each utterance is dropped at its first pause, an ear rests as often as one can.
    @Test(.enabled(if: needs, "needs shared/data, flac and the voice detector's model"), .timeLimit(.minutes(5)))
    func restsMoveNoVoice() throws {
        let maker = try SileroDetectorMaker(modelPath: try #require(InstalledSilero.path))
        var (windows, passedOver, voiced, otherSide, onsets, moved) = (0, 0, 0, 0, 0, 0)
        for recording in Recordings.all {
            let detectors = [CountingDetector(maker.makeDetector()), CountingDetector(UnsparingDetector(maker.makeDetector()))]
            let heard = try detectors.map { try Self.hear(try Recordings.samples(recording), by: $0) }
            #expect(heard[0].windows.count == heard[1].windows.count)
            for index in heard[0].windows.indices where index < heard[1].windows.count {
                let (found, expected) = (heard[0].windows[index], heard[1].windows[index])
                windows += 1
                if heard[0].passedOver.contains(index) {
                    passedOver += 1
                    if expected >= 0.5 { voiced += 1 }
                }
                if (found >= 0.5) != (expected >= 0.5) { otherSide += 1 }
            }
            onsets += heard[1].onsets.count
            moved += heard[1].onsets.count { onset in !heard[0].onsets.contains { abs(($0 - onset) / .milliseconds(1)) <= 64 } }
        }
        print(
            "silero at rest: \(passedOver) of \(windows) windows passed over, voiced among them \(voiced), the other side of 0.5 in \(otherSide); "
                + "of \(onsets) onsets moved by more than two windows \(moved)")
        #expect(passedOver * 20 > windows)
        #expect(Double(voiced) < 0.001 * Double(windows))
        #expect(Double(otherSide) < 0.005 * Double(windows))
    }

    private struct Heard {
        var windows: [Float] = []
        /// Of the windows, those that the detector did not get to see.
        var passedOver: Set<Int> = []
        var onsets: [Instant] = []
    }

    private static func hear(_ samples: [Float], by detector: CountingDetector) throws -> Heard {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.bitrate = 24_000
        var encoder = try OpusEncoder(settings)
        let ear = try Ear(plan: CallPlan(agent: "test", input: AudioFormat(sampleRate: 16_000)), detector: detector)
        var heard = Heard()
        ear.onWindow = { probability in
            if !detector.takeSeen() { heard.passedOver.insert(heard.windows.count) }
            heard.windows.append(probability)
        }
        for (number, start) in stride(from: 0, through: samples.count - 320, by: 320).enumerated() {
            let packet = try encoder.encode(Array(samples[start..<start + 320]))
            let header = AudioPacketHeader(sequence: UInt32(number), time: UInt32(number * 960))
            guard ear.hear(header, payload: packet.span, at: Instant(.milliseconds(20 * (number + 1)))) else { continue }
            for event in ear.events {
                switch event {
                case .onset(let at, _): heard.onsets.append(at)
                case .silence: ear.dropUtterance()
                default: break
                }
            }
        }
        ear.catchUp()
        return heard
    }
}

/// Knows whether it has seen a window since it was asked last.
private final class CountingDetector: VoiceDetector {
    private let detector: any VoiceDetector
    private var seen = false

    init(_ detector: any VoiceDetector) { self.detector = detector }

    func takeSeen() -> Bool {
        defer { seen = false }
        return seen
    }

    func probability(of window: Span<Float>) -> Float {
        seen = true
        return detector.probability(of: window)
    }

    func glance(at window: Span<Float>) -> Float? {
        seen = true
        return detector.glance(at: window)
    }

    var resting: Float? { detector.resting }
    func rested(through window: Span<Float>) { detector.rested(through: window) }
    func reset() { detector.reset() }
}
