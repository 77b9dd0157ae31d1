import Audio
import Dialogue
import Engines
import NIOCore
import Synchronization
import Testing
import Turns
import Wire

@testable import Sessions

/// What many calls hear is made once.
struct PhraseCacheTests {
    private func key(_ text: String, rate: Int = 24_000) -> PhraseCache.Key {
        PhraseCache.Key(
            SpeechRequest(text: text, language: .english), format: AudioFormat(sampleRate: rate), encoding: ReplyEncoding(), pause: .zero)
    }

    private func phrase(_ bytes: Int) -> PhraseCache.Phrase {
        PhraseCache.Phrase(packets: [[UInt8](repeating: 1, count: bytes - 32)], duration: .seconds(1))
    }

    @Test func whatWasUsedLongestAgoMakesRoom() {
        let cache = PhraseCache(limit: 2_000)
        cache.keep(phrase(900), for: key("one"))
        cache.keep(phrase(900), for: key("two"))
        #expect(cache[key("one")] != nil)
        cache.keep(phrase(900), for: key("three"))
        #expect(cache[key("two")] == nil)
        #expect(cache[key("one")] != nil && cache[key("three")] != nil)
    }

    @Test func whatDoesNotFitIsNotKept() {
        let cache = PhraseCache(limit: 1_000)
        cache.keep(phrase(900), for: key("one"))
        cache.keep(phrase(1_100), for: key("long"))
        #expect(cache[key("long")] == nil)
        #expect(cache[key("one")] != nil)
    }

    @Test func anotherFormatIsAnotherPhrase() {
        let cache = PhraseCache()
        cache.keep(phrase(900), for: key("one"))
        #expect(cache[key("one", rate: 16_000)] == nil)
    }

    /// Counts what it is asked for.
    private final class Counting: Synthesizer {
        let name = "counting"
        let count = Mutex(0)
        func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
            count.withLock { $0 += 1 }
            try await ShortSynthesizer().speak(request, onChunk: onChunk)
        }
    }

    @Test(.timeLimit(.minutes(1))) func theGreetingIsMadeForTheFirstCallOnly() async throws {
        let synthesizer = Counting()
        var plan = LiveCall.plan
        plan.lines[.greeting] = "Welcome. How can I help?"
        let manager = LiveCall.manager(plan, .scripted(by: synthesizer))
        for _ in 1...3 {
            guard case .success(let admission) = await manager.admit(tenant: "") else { return #expect(Bool(false), "refused") }
            let transport = KeptTransport()
            let loop = LiveCall.loop
            let session = try await manager.open(SessionStart(), admission: admission, transport: transport, on: loop)
            let heard = await transport.first { if case .agentFinished(0, _, .completed, let heard) = $0 { heard } else { nil } }
            #expect(heard == "Welcome. How can I help?")
            #expect(transport.packets == 2 * 200 / 20)
            try await loop.submit { session.receive(.end) }.get()
            await manager.leave(admission)
        }
        #expect(synthesizer.count.withLock { $0 } == 2, "two sentences, whoever calls")
    }
}
