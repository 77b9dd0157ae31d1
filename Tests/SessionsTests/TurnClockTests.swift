import Testing
import Turns
import Wire

@testable import Sessions

struct TurnClockTests {
    private func at(_ milliseconds: Int) -> Instant { Instant(.milliseconds(milliseconds)) }

    @Test func partsAddUpToTheWhole() {
        var clock = TurnClock(lastVoice: at(1000))
        clock.committed = at(1300)
        clock.transcript = at(1350)
        clock.firstText = at(1500)
        clock.firstSentence = at(1600)
        clock.firstAudio = at(1700)
        clock.firstPacket = at(1710)
        let metrics = clock.metrics(turn: 3, outcome: .completed, cause: nil, heardBy: "server")
        #expect(metrics.endpointing == 300)
        #expect(metrics.recognition == 50)
        #expect(metrics.firstToken == 150)
        #expect(metrics.firstSentence == 100)
        #expect(metrics.firstAudio == 100)
        #expect(metrics.playoutStart == 10)
        #expect(metrics.total == 710)
    }

    @Test func workDoneBeforeTheCommitAddsNothing() {
        var clock = TurnClock(lastVoice: at(1000))
        clock.transcript = at(1250)
        clock.committed = at(1300)
        clock.firstText = at(1290)
        clock.firstSentence = at(1300)
        clock.firstAudio = at(1295)
        clock.firstPacket = at(1300)
        let metrics = clock.metrics(turn: 1, outcome: .completed, cause: nil, heardBy: "client")
        #expect(metrics.endpointing == 300)
        #expect(metrics.total == 300)
    }

    @Test func aTurnThatFailedEarlyCountsWhatItReached() {
        var clock = TurnClock(lastVoice: at(0))
        clock.committed = at(500)
        let metrics = clock.metrics(turn: 1, outcome: .failed, cause: "engine.timeout", heardBy: "server")
        #expect(metrics.total == 500)
        #expect(metrics.cause == "engine.timeout")
    }
}
