internal import Dialogue
package import Engines
internal import Testing

/// What every ``LanguageModel`` must do. Run each function in a test of the adapter's own.
package struct LanguageModelConformance: Sendable {
    package typealias Make = @Sendable (EngineScript<String>) async throws -> EngineStand<any LanguageModel>

    private let make: Make
    private let request = ChatRequest(
        messages: [ChatMessage(.system, "Be brief."), ChatMessage(.user, "SECRET-PROMPT")], maximumTokens: 20, session: "s1", agent: "a1")

    /// - Parameter make: A new engine whose service follows the script.
    package init(_ make: @escaping Make) { self.make = make }

    /// Runs them all, one after the other.
    package func all() async throws {
        try await piecesComeInOrder()
        try await cancellingIsSeenByTheService()
        try await cancellingBeforeTheFirstPieceIsSeenByTheService()
        try await aConsumerThatThrowsEndsTheRequest()
        try await aSlowConsumerHoldsTheServiceBack()
        try await failuresHaveTheirCodes()
        try await oneInstanceServesManyAtOnce()
    }

    package func piecesComeInOrder() async throws {
        let pieces = (0..<50).map { "piece \($0) " } + ["Grüße ", "你好 ", "👍🏽.", "\n\nEnd"]
        let heard = Recording<String>()
        let outcome = try await make(.delivers(pieces)).engine.answer(request) { heard.append($0) }
        #expect(heard.pieces.joined() == pieces.joined())
        #expect(outcome.finish == .stop)
    }

    package func cancellingIsSeenByTheService() async throws {
        var delays: [Duration] = []
        for _ in 0..<5 {
            let stand = try await make(.waits(after: ["one"]))
            let heard = Recording<String>()
            let task = Task { try await stand.engine.answer(request) { heard.append($0) } }
            await heard.begun()
            let start = ContinuousClock.now
            task.cancel()
            delays.append(start.duration(to: await stand.abandoned()))
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(delays.sorted()[2] < longestCancellation)
    }

    package func cancellingBeforeTheFirstPieceIsSeenByTheService() async throws {
        let stand = try await make(.waits(after: []))
        let task = Task { try await stand.engine.answer(request) { _ in } }
        await stand.asked()
        task.cancel()
        _ = await stand.abandoned()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    package func aConsumerThatThrowsEndsTheRequest() async throws {
        let stand = try await make(.waits(after: ["one", "two"]))
        let heard = Recording<String>()
        await #expect(throws: ConsumerGaveUp.self) {
            try await stand.engine.answer(request) {
                heard.append($0)
                throw ConsumerGaveUp()
            }
        }
        #expect(heard.pieces.count == 1)
        _ = await stand.abandoned()
    }

    package func aSlowConsumerHoldsTheServiceBack() async throws {
        let stand = try await make(.floods(String(repeating: "word ", count: 2000)))
        await #expect(throws: ConsumerGaveUp.self) {
            try await stand.engine.answer(request) { _ in
                let sent = await stand.heldBack()
                #expect(sent < mostBytesAhead)
                throw ConsumerGaveUp()
            }
        }
    }

    package func failuresHaveTheirCodes() async throws {
        for (script, code) in [
            (EngineScript<String>.refusesKey, EngineError.Code.unauthorized), (.dies(after: ["one"]), .brokenOff), (.babbles, .badAnswer),
        ] {
            let engine = try await make(script).engine
            do {
                let outcome = try await engine.answer(request) { _ in }
                Issue.record("\(script) ended well: \(outcome)")
            } catch let error as EngineError {
                #expect(error.code == code)
                #expect(!error.description.contains("SECRET"))
            }
        }
    }

    package func oneInstanceServesManyAtOnce() async throws {
        let engine = try await make(.delivers(["a", "b", "c"])).engine
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let heard = Recording<String>()
                    _ = try await engine.answer(request) { heard.append($0) }
                    return heard.pieces.joined()
                }
            }
            for try await text in group { #expect(text == "abc") }
        }
    }
}
