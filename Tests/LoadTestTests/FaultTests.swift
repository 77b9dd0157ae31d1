import Dialogue
import Engines
import Synchronization
import Testing

@testable import LoadTest

@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    @Test func withoutARateNothingFails() {
        let faults = ScriptedFaults(rate: 0, name: "recognizer")
        #expect((0..<1_000).allSatisfy { _ in faults.next() == nil })
        var stub = StubFaults(rate: 0, seed: 1)
        #expect((0..<1_000).allSatisfy { _ in stub.next() == nil })
    }

    @Test func theShareThatFailsIsTheRateAndTheSameInEachRun() {
        let (one, other) = (ScriptedFaults(rate: 0.2, name: "recognizer"), ScriptedFaults(rate: 0.2, name: "recognizer"))
        let drawn = (0..<2_000).map { _ in one.next() }
        #expect(drawn == (0..<2_000).map { _ in other.next() })
        #expect((340...460).contains(drawn.count { $0 != nil }))
        let elsewhere = ScriptedFaults(rate: 0.2, name: "synthesizer")
        #expect(drawn != (0..<2_000).map { _ in elsewhere.next() })
    }

    @Test func enginesFailInEveryWay() {
        let faults = ScriptedFaults(rate: 1, name: "synthesizer")
        let drawn = (0..<500).compactMap { _ in faults.next() }
        let codes = Set(drawn.compactMap { if case .refuses(let error) = $0 { error.code.rawValue } else { nil } })
        #expect(
            codes == [
                "engine.unavailable", "engine.timeout", "engine.rate_limited", "engine.overloaded", "engine.bad_answer", "engine.failed",
            ])
        #expect(drawn.contains(.stalls))
        #expect(drawn.contains { if case .breaksOff = $0 { true } else { false } })
    }

    @Test func theStubFailsInEveryWay() {
        var stub = StubFaults(rate: 1, seed: 1)
        let drawn = (0..<200).compactMap { _ in stub.next() }
        #expect(drawn.count == 200)
        #expect(StubFaults.Fault.allCases.allSatisfy(drawn.contains))
    }

    /// A stalled one ends by its deadline, and at once.
    @Test func whatFailsThrowsACodedErrorOrStallsUntilItsDeadline() async {
        let recognizer = ScriptedRecognizer(failing: 1)
        var codes: Set<String> = []
        for _ in 0..<40 {
            let error = await #expect(throws: EngineError.self) {
                try await withDeadline(.milliseconds(20), "recognition", clock: ContinuousClock()) {
                    try await recognizer.transcribe(RecognitionRequest(audio: [], language: .english, purpose: .final))
                }
            }
            if let error { codes.insert(error.code.rawValue) }
        }
        #expect(codes.count > 3)
    }

    @Test func speechThatBreaksOffHasBegun() async {
        let synthesizer = ScriptedSynthesizer(failing: 1)
        var hasBrokenOff = false
        for _ in 0..<60 where !hasBrokenOff {
            let chunks = Mutex(0)
            do {
                try await withDeadline(.milliseconds(200), "speech", clock: ContinuousClock()) {
                    try await synthesizer.speak(SpeechRequest(text: "One two three.", language: .english)) { _ in chunks.withLock { $0 += 1 } }
                }
            } catch let error as EngineError where error.code == .brokenOff {
                hasBrokenOff = true
                #expect(chunks.withLock { $0 } == 1)
            } catch {}
        }
        #expect(hasBrokenOff)
    }
}
