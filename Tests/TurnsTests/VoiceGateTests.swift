import Testing
import Turns

struct VoiceGateTests {
    /// The events of a run of windows, each 32 ms, as text with their times in milliseconds.
    private func events(_ probabilities: [Float], _ settings: VoiceGate.Settings = VoiceGate.Settings()) -> [String] {
        var gate = VoiceGate(settings)
        var now = Instant.zero
        return probabilities.compactMap { probability in
            now = now + .milliseconds(32)
            return gate.handle(probability: probability, length: .milliseconds(32), endingAt: now).map(describe)
        }
    }

    private func describe(_ event: VoiceEvent) -> String {
        func ms(_ instant: Instant) -> Int { Int(instant.sinceStart / .milliseconds(1)) }
        return switch event {
        case .onset(let at, let isStrong): "onset \(ms(at))\(isStrong ? " strong" : "")"
        case .likely(let voiced, let at): "likely \(Int(voiced / .milliseconds(1))) at \(ms(at))"
        case .voiced(let voiced, let at): "voiced \(Int(voiced / .milliseconds(1))) at \(ms(at))"
        case .falseOnset(let at): "false \(ms(at))"
        case .silence(let since): "silence \(ms(since))"
        case .stirred(let at): "stirred \(ms(at))"
        case .stilled(let at): "stilled \(ms(at))"
        case .resumed(let at): "resumed \(ms(at))"
        }
    }

    private func run(_ probability: Float, _ count: Int) -> [Float] { Array(repeating: probability, count: count) }

    @Test func speechIsToldAtItsMinimumAndAtEachMilestone() {
        #expect(
            events(run(0.9, 27), VoiceGate.Settings(milestones: [.milliseconds(320)]))
                == ["onset 0 strong", "voiced 128 at 128", "voiced 320 at 320", "voiced 832 at 832"])
    }

    @Test func aClickIsAFalseOnset() {
        #expect(events(run(0.6, 1) + run(0.1, 5)) == ["onset 0", "false 32"])
    }

    @Test func anOnsetIsLikelyOnceItLastsOrTheDetectorIsSure() {
        #expect(events(run(0.6, 3) + run(0.1, 5)) == ["onset 0", "likely 64 at 64", "false 96"])
        #expect(
            events(run(0.6, 1) + run(0.8, 1) + run(0.1, 5), VoiceGate.Settings(likely: .milliseconds(96))) == [
                "onset 0", "likely 64 at 64", "false 64",
            ])
        #expect(events(run(0.9, 3) + run(0.1, 5)) == ["onset 0 strong", "false 96"])
    }

    @Test func whatIsSpeechAtOnceIsNeverOnlyLikely() {
        #expect(events(run(0.6, 2), VoiceGate.Settings(minimumSpeech: .milliseconds(64))) == ["onset 0", "voiced 64 at 64"])
    }

    @Test func aGapShorterThanTheBridgeIsNotSilence() {
        #expect(events(run(0.9, 5) + run(0.1, 2) + run(0.9, 2)) == ["onset 0 strong", "voiced 128 at 128"])
    }

    @Test func silenceIsToldWithTheTimeOfTheLastVoice() {
        #expect(events(run(0.9, 5) + run(0.1, 3)) == ["onset 0 strong", "voiced 128 at 128", "silence 160"])
    }

    @Test func hysteresisKeepsAWaveringVoice() {
        #expect(events(run(0.9, 1) + run(0.4, 4)) == ["onset 0 strong", "voiced 128 at 128"])
        #expect(events(run(0.4, 10)).isEmpty)
    }

    @Test func aClickInAPauseDoesNotResumeIt() {
        let speech = run(0.9, 5) + run(0.1, 3)
        #expect(events(speech + run(0.9, 1) + run(0.1, 5)).suffix(3) == ["silence 160", "stirred 256", "stilled 288"])
        #expect(events(speech + run(0.9, 1) + run(0.1, 2) + run(0.9, 1)).suffix(2) == ["stirred 256", "resumed 320"])
        #expect(events(speech + run(0.9, 2)).suffix(2) == ["stirred 256", "resumed 256"])
    }

    @Test func aPauseIsToldOfEachSoundInItOnce() {
        let speech = run(0.9, 5) + run(0.1, 3)
        let click = run(0.6, 1) + run(0.1, 3)
        #expect(events(speech + click + click).dropFirst(3) == ["stirred 256", "stilled 288", "stirred 384", "stilled 416"])
        #expect(events(speech + run(0.6, 1), VoiceGate.Settings(resumption: .milliseconds(32))).last == "resumed 256")
    }

    @Test func audioThatStopsComingIsSilence() {
        var gate = VoiceGate()
        var now = Instant.zero
        for _ in 0..<5 {
            now = now + .milliseconds(32)
            _ = gate.handle(probability: 1, length: .milliseconds(32), endingAt: now)
        }
        #expect(gate.isVoiced)
        #expect(gate.audioStopped(at: now + .seconds(1)) == .silence(since: now))
        #expect(!gate.isVoiced)
        #expect(gate.audioStopped(at: now + .seconds(2)) == nil)
    }

    @Test func afterATurnTheNextVoiceIsAnOnset() {
        var gate = VoiceGate()
        var now = Instant.zero
        func step(_ probability: Float) -> VoiceEvent? {
            now = now + .milliseconds(32)
            return gate.handle(probability: probability, length: .milliseconds(32), endingAt: now)
        }
        for _ in 0..<5 { _ = step(1) }
        for _ in 0..<3 { _ = step(0) }
        gate.endTurn()
        #expect(step(1) == .onset(at: now - .milliseconds(32), isStrong: true))
    }
}
