import Testing
import Turns

@testable import Sessions

struct PlayoutTests {
    /// A playout of packets of 20 ms with a lead of 100 ms, and a clock moved by hand.
    private struct Stand {
        var playout = Playout(lead: .milliseconds(100), packetDuration: .milliseconds(20))
        var now = Instant(.seconds(5))
        var sent: [Playout.Packet] = []

        mutating func queue(_ count: Int) { for _ in 0..<count { playout.append([]) } }

        /// Ticks every 10 ms for so long.
        mutating func pass(_ milliseconds: Int) {
            for _ in 0..<milliseconds / 10 {
                while let packet = playout.next(at: now) { sent.append(packet) }
                now = now + .milliseconds(10)
            }
        }
    }

    @Test func packetsGoOutAtTheirPaceNeverFurtherAheadThanTheLead() {
        var stand = Stand()
        stand.queue(100)
        stand.pass(10)
        #expect(stand.sent.count == 5)
        for _ in 0..<50 {
            stand.pass(10)
            #expect(stand.playout.sentUntil - stand.playout.played(at: stand.now) <= .milliseconds(120))
        }
        stand.pass(2000)
        #expect(stand.sent.count == 100)
        #expect(stand.playout.isDone(at: stand.now))
        #expect(stand.sent.map(\.position) == (0..<100).map { .milliseconds(20 * $0) })
        #expect(stand.sent.filter(\.isStart).count == 1)
    }

    @Test func aQueueThatRunsDryStopsTheClockAndMarksTheNextStart() {
        var stand = Stand()
        stand.queue(10)
        stand.pass(1000)
        #expect(stand.playout.played(at: stand.now) == .milliseconds(200))
        stand.queue(10)
        stand.pass(20)
        #expect(stand.playout.played(at: stand.now) == .milliseconds(220))
        #expect(stand.sent[10].isStart)
        stand.pass(1000)
        #expect(stand.playout.isDone(at: stand.now))
        #expect(stand.playout.played(at: stand.now) == .milliseconds(400))
    }

    @Test func aStopHoldsEverythingAndResumingLosesNothing() {
        var stand = Stand()
        stand.queue(50)
        stand.pass(300)
        stand.playout.stop(at: stand.now)
        let (played, count) = (stand.playout.played(at: stand.now), stand.sent.count)
        stand.pass(2000)
        #expect(stand.playout.played(at: stand.now) == played)
        #expect(stand.sent.count == count)
        stand.playout.resume(at: stand.now)
        stand.pass(2000)
        #expect(stand.sent.map(\.position) == (0..<50).map { .milliseconds(20 * $0) })
        #expect(stand.playout.isDone(at: stand.now))
    }

    @Test func aStopBeforeTheFirstPacketDelaysTheWhole() {
        var stand = Stand()
        stand.playout.stop(at: .zero)
        stand.queue(10)
        stand.pass(500)
        #expect(stand.sent.isEmpty)
        stand.playout.resume(at: stand.now)
        stand.pass(10)
        #expect(stand.sent.count == 5)
        stand.pass(500)
        #expect(stand.playout.isDone(at: stand.now))
    }

    @Test func whatWasSentAndNotHeardGoesOutAgainAfterARewind() {
        var stand = Stand()
        stand.queue(50)
        stand.pass(500)
        stand.playout.stop(at: stand.now)
        let heard = stand.playout.played(at: stand.now)
        stand.playout.rewind(at: stand.now)
        stand.playout.resume(at: stand.now)
        let before = stand.sent.count
        stand.pass(2000)
        let again = stand.sent[before...].first?.position ?? .zero
        #expect(again >= heard && again < heard + .milliseconds(20))
        #expect(stand.sent.last?.position == .milliseconds(980))
        #expect(stand.playout.isDone(at: stand.now))
    }

    @Test func theClientsWordIsCarriedOnUntilTheNext() {
        var stand = Stand()
        stand.queue(100)
        stand.pass(500)
        stand.playout.note(report: .milliseconds(400), at: stand.now)
        stand.pass(100)
        #expect(stand.playout.heard(at: stand.now) == .milliseconds(500))
        stand.playout.stop(at: stand.now)
        stand.pass(300)
        #expect(stand.playout.heard(at: stand.now) <= .milliseconds(620))
        #expect(stand.playout.hasClientReports)
    }

    @Test func aReportBeyondWhatWasSentIsHeldToIt() {
        var stand = Stand()
        stand.queue(100)
        stand.pass(100)
        stand.playout.note(report: .seconds(3600), at: stand.now)
        #expect(stand.playout.heard(at: stand.now) == stand.playout.sentUntil)
    }
}
