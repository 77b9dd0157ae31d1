internal import Dialogue
package import Engines
internal import Testing

/// What every ``Recognizer`` must do. The pieces of a script are one transcript. Floods are not asked for.
package struct RecognizerConformance: Sendable {
    package typealias Make = @Sendable (EngineScript<String>) async throws -> EngineStand<any Recognizer>

    private let make: Make
    private let request = RecognitionRequest(
        audio: [Float](repeating: 0.25, count: 1600), language: .english, purpose: .final, hints: ["SECRET-NAME"])

    /// - Parameter make: A new engine whose service follows the script.
    package init(_ make: @escaping Make) { self.make = make }

    /// Runs them all, one after the other.
    package func all() async throws {
        try await theTextComesTrimmed()
        try await silenceIsNoError()
        try await cancellingIsSeenByTheService()
        try await failuresHaveTheirCodes()
        try await oneInstanceServesManyAtOnce()
    }

    package func theTextComesTrimmed() async throws {
        let transcript = try await make(.delivers([" Hello, Grüße 你好.\n"])).engine.transcribe(request)
        #expect(transcript.text == "Hello, Grüße 你好.")
    }

    package func silenceIsNoError() async throws {
        #expect(try await make(.delivers([""])).engine.transcribe(request).text == "")
        var empty = request
        empty.sound = HeardSound([])
        #expect(try await make(.delivers([""])).engine.transcribe(empty).text == "")
    }

    package func cancellingIsSeenByTheService() async throws {
        var delays: [Duration] = []
        for _ in 0..<5 {
            let stand = try await make(.waits(after: []))
            let task = Task { try await stand.engine.transcribe(request) }
            await stand.asked()
            let start = ContinuousClock.now
            task.cancel()
            delays.append(start.duration(to: await stand.abandoned()))
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(delays.sorted()[2] < longestCancellation)
    }

    package func failuresHaveTheirCodes() async throws {
        for (script, code) in [
            (EngineScript<String>.refusesKey, EngineError.Code.unauthorized), (.dies(after: []), .brokenOff), (.babbles, .badAnswer),
        ] {
            let engine = try await make(script).engine
            do {
                _ = try await engine.transcribe(request)
                Issue.record("\(script) ended well")
            } catch let error as EngineError {
                #expect(error.code == code)
                #expect(!error.description.contains("SECRET"))
            }
        }
    }

    package func oneInstanceServesManyAtOnce() async throws {
        let engine = try await make(.delivers(["abc"])).engine
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await engine.transcribe(request).text } }
            for try await text in group { #expect(text == "abc") }
        }
    }
}
