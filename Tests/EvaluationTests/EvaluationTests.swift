import Audio
import Evaluation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EvaluationTests {
    private let composer = SceneComposer(seed: 3)
    private let turn = SyntheticCalls.clip(loud: [200..<1500], length: 1800)
    private let paused = SyntheticCalls.clip("paused", loud: [200..<1200, 1900..<2900], length: 3200)

    private func score(_ clip: Clip, _ policy: String, endOfTurn probability: Float = 0.95) async throws -> EndOfTurnScore {
        let scene = try #require(composer.endOfTurn(clip))
        return EndOfTurnScore([scene], [try await SyntheticCalls.trace(scene, policy, SyntheticCalls.evaluation(endOfTurn: probability))])
    }

    @Test("a turn's wait is the policy's silence, to within a window and a packet", arguments: [("agora", 640), ("livekit", 500), ("balanced", 230)])
    func waits(policy: String, silence: Int) async throws {
        let wait = try #require(try await score(turn, policy).wait(0.5))
        #expect(wait >= .milliseconds(silence - 10))
        #expect(wait <= .milliseconds(silence + 70))
    }

    @Test(
        "a turn that does not sound finished is waited for as long as the policy says",
        arguments: [("pipecat", 3192), ("livekit", 3000), ("balanced", 1100)])
    func unfinished(policy: String, silence: Int) async throws {
        let wait = try #require(try await score(turn, policy, endOfTurn: 0).wait(0.5))
        #expect(wait >= .milliseconds(silence - 10))
        #expect(wait <= .milliseconds(silence + 70))
    }

    @Test("a pause within a turn is a cut-in for whom it is long enough") func cutIns() async throws {
        #expect(try await score(paused, "balanced").cutShort == 1)
        #expect(try await score(paused, "agora").cutShort == 1)
        #expect(try await score(paused, "balanced", endOfTurn: 0).cutShort == 0)
        #expect(try await score(paused, "livekit", endOfTurn: 0).cutShort == 0)
        #expect(try await score(paused, "patient:minimum=900").cutShort == 0)
    }

    @Test("what is said into a reply stops it") func bargeIn() async throws {
        let scene = try #require(composer.bargeIn(turn))
        for (policy, least) in [("agora", 160), ("pipecat", 192), ("livekit", 540), ("balanced", 512)] {
            let score = InterruptionScore([scene], [try await SyntheticCalls.trace(scene, policy)])
            let flushed = try #require(score.flushed(0.5), "\(policy)")
            #expect(flushed >= .milliseconds(least - 10) && flushed <= .milliseconds(least + 110), "\(policy) \(flushed)")
            #expect(score.missed == 0)
        }
    }

    @Test("what was heard is kept to within a word, but by who keeps all that was generated") func heardTruth() async throws {
        let scene = try #require(composer.bargeIn(turn))
        #expect(InterruptionScore([scene], [try await SyntheticCalls.trace(scene, "balanced")]).heardWithinOne == 1)
        #expect(InterruptionScore([scene], [try await SyntheticCalls.trace(scene, "pipecat")]).heardWithinOne == 1)
        let agora = InterruptionScore([scene], [try await SyntheticCalls.trace(scene, "agora")])
        #expect(agora.heardWithinOne == 0)
        #expect(try #require(agora.wordsTooMany) > 5)
    }

    @Test("a short knock holds a reply at most, and the reply goes on") func falseInterruption() async throws {
        let knock = SyntheticCalls.clip("knock", category: "noise", loud: [300..<540], length: 900)
        let scene = try #require(composer.falseInterruption(knock))
        let ours = InterruptionScore([scene], [try await SyntheticCalls.trace(scene, "balanced", SyntheticCalls.evaluation(words: ""))])
        #expect(ours.lost == 0)
        #expect(ours.onlyHeld == 1)
        #expect(try #require(ours.resumed(1)) <= .milliseconds(500))
        #expect(ours.wordsRepeated <= 1)
        #expect(ours.wordsSkipped == 0)
        let theirs = InterruptionScore([scene], [try await SyntheticCalls.trace(scene, "agora", SyntheticCalls.evaluation(words: ""))])
        #expect(theirs.lost == 1)
    }

    @Test("however often a reply is held, no word of it is skipped and one at most said twice") func graceful() async throws {
        for seed in 0..<8 {
            var generator = SeededGenerator(UInt64(seed), "knocks")
            var (loud, now): ([Range<Int>], Int) = ([], 300)
            for _ in 0..<6 {
                let length = Int.random(in: 60...900, using: &generator)
                loud.append(now..<now + length)
                now += length + Int.random(in: 80...1500, using: &generator)
            }
            let clip = SyntheticCalls.clip("knocks \(seed)", category: "noise", loud: loud, length: now + 200)
            let scene = try #require(composer.falseInterruption(clip))
            let trace = try await SyntheticCalls.trace(scene, "balanced", SyntheticCalls.evaluation(words: ""))
            #expect(trace.wordsSkipped == 0 && trace.wordsRepeated <= 1, "seed \(seed): \(trace.wordsRepeated), \(trace.wordsSkipped)")
            #expect(!trace.times(.held).isEmpty && trace.times(.flushed).isEmpty, "seed \(seed)")
            #expect(trace.times(.held).count == trace.times(.resumed).count, "seed \(seed)")
        }
    }

    @Test("an echo is gone when the agent is held, another sound is not") func recordedEcho() async throws {
        let clip = SyntheticCalls.clip("echo", category: "echo-residual", loud: [300..<4000], length: 4300)
        func holds(_ scene: Scene) async throws -> [Duration] {
            let trace = try await SyntheticCalls.trace(scene, "balanced", SyntheticCalls.evaluation(words: ""))
            #expect(trace.times(.flushed).isEmpty)
            #expect(trace.times(.held).count == trace.times(.resumed).count)
            return zip(trace.times(.held), trace.times(.resumed)).map { $1 - $0 }
        }
        let scene = try #require(composer.echoAlone(clip))
        #expect(Loudness.rms(scene.samples) < -50, "without the agent there is the background alone")
        let echoed = try await holds(scene)
        #expect(echoed.count > 1)
        #expect(echoed.allSatisfy { $0 < .milliseconds(900) }, "\(echoed)")
        let sounding = try await holds(try #require(composer.falseInterruption(clip)))
        #expect(try #require(sounding.first) >= .milliseconds(1200))
    }

    @Test("a paused reply without words goes on two seconds after the voice, by LiveKit's rule") func pausedReply() async throws {
        let noise = SyntheticCalls.clip("noise", category: "noise", loud: [300..<1300], length: 1500)
        let scene = try #require(composer.falseInterruption(noise))
        let score = InterruptionScore([scene], [try await SyntheticCalls.trace(scene, "livekit", SyntheticCalls.evaluation(words: ""))])
        #expect(score.lost == 0)
        let resumed = try #require(score.resumed(1))
        #expect(resumed >= .milliseconds(2240) && resumed <= .milliseconds(2350))
    }

    @Test("the same scenes give the same traces, however many are played at once") func repeats() async throws {
        let clips = [turn, paused]
        let scenes = clips.compactMap { composer.endOfTurn($0) } + clips.compactMap { composer.bargeIn($0) }
        let policies = try Policy.standard.map { try Policy($0) }
        let one = try await SyntheticCalls.evaluation().run(scenes, policies: policies, jobs: 1)
        let many = try await SyntheticCalls.evaluation().run(scenes, policies: policies, jobs: 4)
        #expect(one == many)
        #expect(one.count == policies.count && one.allSatisfy { $0.count == scenes.count })
    }

    @Test("the voice score of a detector that hears every loud window is near one") func voice() throws {
        let score = try SyntheticCalls.evaluation().voice([turn, paused])
        #expect(try #require(score.precision(at: 0.5)) > 0.97)
        #expect(try #require(score.recall(at: 0.5)) > 0.97)
    }
}
