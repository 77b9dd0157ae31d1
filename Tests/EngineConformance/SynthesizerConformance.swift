internal import Audio
internal import Dialogue
package import Engines
internal import Testing

/// What every ``Synthesizer`` must do. The pieces of a script are runs of samples, -1...1, exact in 16 bits.
package struct SynthesizerConformance: Sendable {
    package typealias Make = @Sendable (EngineScript<[Float]>) async throws -> EngineStand<any Synthesizer>

    private let make: Make
    private let request = SpeechRequest(text: "SECRET-TEXT", language: .english)

    /// - Parameter make: A new engine whose service follows the script.
    package init(_ make: @escaping Make) { self.make = make }

    /// Runs them all, one after the other.
    package func all() async throws {
        try await samplesComeInOrder()
        try await cancellingIsSeenByTheService()
        try await cancellingBeforeTheFirstSoundIsSeenByTheService()
        try await aConsumerThatThrowsEndsTheRequest()
        try await aSlowConsumerHoldsTheServiceBack()
        try await failuresHaveTheirCodes()
    }

    private static func ramp(_ count: Int, from start: Int = 0) -> [Float] { (0..<count).map { Float(($0 + start) % 4096) / 4096 } }

    package func samplesComeInOrder() async throws {
        let pieces = [1, 700, 2000, 3, 4801].map { Self.ramp($0, from: $0) }
        let heard = Recording<SpeechChunk>()
        try await make(.delivers(pieces)).engine.speak(request) { heard.append($0) }
        #expect(heard.pieces.flatMap(\.audio.samples) == pieces.flatMap { $0 })
        #expect(Set(heard.pieces.map(\.audio.sampleRate)).count == 1)
        #expect(heard.pieces.allSatisfy { !$0.audio.samples.isEmpty })
    }

    package func cancellingIsSeenByTheService() async throws {
        var delays: [Duration] = []
        for _ in 0..<5 {
            let stand = try await make(.waits(after: [Self.ramp(4800)]))
            let heard = Recording<SpeechChunk>()
            let task = Task { try await stand.engine.speak(request) { heard.append($0) } }
            await heard.begun()
            let start = ContinuousClock.now
            task.cancel()
            delays.append(start.duration(to: await stand.abandoned()))
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(delays.sorted()[2] < longestCancellation)
    }

    package func cancellingBeforeTheFirstSoundIsSeenByTheService() async throws {
        let stand = try await make(.waits(after: []))
        let task = Task { try await stand.engine.speak(request) { _ in } }
        await stand.asked()
        task.cancel()
        _ = await stand.abandoned()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    package func aConsumerThatThrowsEndsTheRequest() async throws {
        let stand = try await make(.waits(after: [Self.ramp(4800)]))
        await #expect(throws: ConsumerGaveUp.self) { try await stand.engine.speak(request) { _ in throw ConsumerGaveUp() } }
        _ = await stand.abandoned()
    }

    package func aSlowConsumerHoldsTheServiceBack() async throws {
        let stand = try await make(.floods(Self.ramp(48_000)))
        await #expect(throws: ConsumerGaveUp.self) {
            try await stand.engine.speak(request) { _ in
                let sent = await stand.heldBack()
                #expect(sent < mostBytesAhead)
                throw ConsumerGaveUp()
            }
        }
    }

    package func failuresHaveTheirCodes() async throws {
        for (script, code) in [
            (EngineScript<[Float]>.refusesKey, EngineError.Code.unauthorized), (.dies(after: [Self.ramp(4800)]), .brokenOff), (.babbles, .badAnswer),
        ] {
            let engine = try await make(script).engine
            do {
                try await engine.speak(request) { _ in }
                Issue.record("\(script) ended well")
            } catch let error as EngineError {
                #expect(error.code == code)
                #expect(!error.description.contains("SECRET"))
            }
        }
    }
}
