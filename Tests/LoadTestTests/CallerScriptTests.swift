import Audio
import Testing

@testable import LoadTest

struct CallerScriptTests {
    private static let tick = Duration.milliseconds(20)

    private func script(_ mix: LoadMix, lengths: [Int] = [50], seed: UInt64 = 1) -> CallerScript {
        CallerScript(mix, lengths: lengths, generator: SeededGenerator(seed, stream: 0), begin: .zero)
    }

    /// Runs the script until an action is wanted, at most a minute.
    private func run(_ script: inout CallerScript, from now: inout Duration, until isWanted: (CallerScript.Action) -> Bool) -> CallerScript.Action? {
        let end = now + .seconds(60)
        while now < end {
            let action = script.next(at: now)
            now += Self.tick
            if isWanted(action) { return action }
        }
        return nil
    }

    @Test func aListenerSpeaksWholeUtterancesAgainAndAgain() {
        var script = script(.listening, lengths: [50, 50])
        var now = Duration.zero
        for _ in 0..<3 {
            var packets: [Int] = []
            while packets.count < 50 {
                guard case .send(.voice(_, let packet)) = run(&script, from: &now, until: { $0 != .send(.quiet) }) else { break }
                packets.append(packet)
            }
            #expect(packets == Array(0..<50))
        }
    }

    @Test func anIdleCallerSendsAPacketEach400Milliseconds() {
        var script = script(.idle)
        let sent = (0..<200).filter { script.next(at: Self.tick * $0) == .send(.quiet) }
        #expect(sent.count == 10)
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $1 - $0 == 20 })
    }

    @Test func aCallerOfChurnSaysOneThingAndLeaves() {
        var script = script(.churn)
        var now = Duration.zero
        var voices = 0
        let end = run(&script, from: &now) { action in
            if case .send(.voice) = action { voices += 1 }
            return action == .leave
        }
        #expect(end == .leave)
        #expect(voices == 50)
    }

    @Test func aReplyThatNeverComesIsCountedAndTheCallerGoesOn() {
        var script = script(.conversation)
        var now = Duration.zero
        #expect(run(&script, from: &now) { $0 == .send(.voice(utterance: 0, packet: 49)) } != nil)
        #expect(script.missedReplies == 0)
        #expect(run(&script, from: &now) { $0 == .send(.voice(utterance: 0, packet: 0)) } != nil)
        #expect(script.missedReplies == 1)
    }

    @Test func aTurnThatFailedIsNoReplyThatIsMissing() {
        var script = script(.conversation)
        var now = Duration.zero
        #expect(run(&script, from: &now) { $0 == .send(.voice(utterance: 0, packet: 49)) } != nil)
        let spoken = now
        script.turnFailed(at: now)
        #expect(run(&script, from: &now) { $0 == .send(.voice(utterance: 0, packet: 0)) } != nil)
        #expect(script.missedReplies == 0)
        #expect(now - spoken < CallerScript.patience)
        // Only while a reply is awaited: a caller who speaks goes on.
        script.turnFailed(at: now)
        #expect(script.next(at: now) == .send(.voice(utterance: 0, packet: 1)))
    }

    @Test func repliesPlayFortyPercentOfTheTimeAndSomeAreInterrupted() {
        var script = script(.conversation, lengths: [100])
        var now = Duration.zero
        var interruptions = 0
        var replies = 0
        while now < .seconds(600) {
            guard run(&script, from: &now, until: { $0 == .send(.voice(utterance: 0, packet: 99)) }) != nil else { break }
            while true {
                now += .milliseconds(900)
                script.replyBegan(at: now)
                replies += 1
                let begin = now
                var isInterrupted = false
                while now < begin + .milliseconds(5_000), !isInterrupted {
                    if case .interrupt = script.next(at: now) { isInterrupted = true }
                    now += Self.tick
                }
                script.replyEnded(played: now - begin, isComplete: !isInterrupted, at: now)
                guard isInterrupted else { break }
                interruptions += 1
                #expect(run(&script, from: &now) { $0 == .send(.voice(utterance: 0, packet: 99)) } != nil)
            }
        }
        let share = script.replyTime / now
        #expect(share > 0.3 && share < 0.45)
        let interrupted = Double(interruptions) / Double(replies)
        #expect(interrupted > 0.15 && interrupted < 0.45)
    }

    @Test func theSameSeedSaysTheSame() {
        var (one, other) = (script(.listening, lengths: [40, 60, 80], seed: 9), script(.listening, lengths: [40, 60, 80], seed: 9))
        for index in 0..<2_000 { #expect(one.next(at: Self.tick * index) == other.next(at: Self.tick * index)) }
    }
}
