import Testing
import Turns

@testable import Sessions

/// A playout that is held and goes on, beside a client that does as it is told.
struct PlayoutRewindTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// The server's side, and a client that plays 40 ms behind it.
    private struct Stand {
        static let packet = Duration.milliseconds(20)
        var playout = Playout(lead: .milliseconds(120), packetDuration: Stand.packet)
        var now = Instant(.seconds(1))
        var sequence: UInt32 = 0
        var buffer: [(sequence: UInt32, position: Duration, playable: Instant)] = []
        var played: [Duration] = []
        var isHeld = false
        var faults: [String] = []

        var clientPosition: Duration { played.last.map { $0 + Self.packet } ?? .zero }

        mutating func tick() {
            while let packet = playout.next(at: now) {
                if isHeld { faults.append("sent while held") }
                buffer.append((sequence, packet.position, now + .milliseconds(40)))
                sequence += 1
            }
            if playout.played(at: now) > playout.sentUntil || playout.sentUntil > playout.queued { faults.append("more heard than sent") }
            if !isHeld, Int(now.sinceStart / .milliseconds(10)).isMultiple(of: 2), let first = buffer.first, first.playable <= now {
                buffer.removeFirst()
                if first.position != clientPosition { faults.append("\(first.position) after \(clientPosition)") }
                played.append(first.position)
            }
            now = now + .milliseconds(10)
        }

        mutating func hold(reports: Bool) {
            playout.stop(at: now)
            isHeld = true
            if reports { playout.note(report: clientPosition, at: now) }
        }

        /// - Parameter back: How far before what was heard it is to go on.
        mutating func resume(back: Duration) {
            let wanted = max(.zero, clientPosition - back)
            let position = playout.rewind(to: wanted, at: now)
            if position > wanted || wanted - position >= Self.packet { faults.append("asked for \(wanted), goes on at \(position)") }
            let from = sequence
            buffer.removeAll { $0.sequence < from && $0.position >= .zero }
            while let last = played.last, last >= position { played.removeLast() }
            playout.resume(at: now)
            isHeld = false
        }
    }

    @Test func nothingIsSkippedHoweverOftenItIsHeld() {
        var random = Random(state: 11)
        for round in 0..<200 {
            var stand = Stand()
            for _ in 0..<250 { stand.playout.append([]) }
            for _ in 0..<1200 {
                stand.tick()
                switch Int.random(in: 0..<60, using: &random) {
                case 0 where !stand.isHeld && !stand.played.isEmpty:
                    stand.hold(reports: Bool.random(using: &random))
                    for _ in 0..<Int.random(in: 0...40, using: &random) { stand.tick() }
                    stand.resume(back: .milliseconds(Int.random(in: 0...600, using: &random)))
                case 1...6: stand.playout.note(report: stand.clientPosition, at: stand.now)
                default: break
                }
            }
            #expect(stand.faults.isEmpty, "round \(round): \(stand.faults.prefix(3))")
        }
    }

    @Test func aFlushAfterAResumptionNamesThePacketAfterTheLastThatWasHeard() {
        var random = Random(state: 12)
        for round in 0..<200 {
            var stand = Stand()
            for _ in 0..<250 { stand.playout.append([]) }
            for _ in 0..<Int.random(in: 20...200, using: &random) { stand.tick() }
            stand.hold(reports: true)
            stand.resume(back: .milliseconds(Int.random(in: 0...600, using: &random)))
            for _ in 0..<Int.random(in: 20...100, using: &random) { stand.tick() }
            stand.playout.note(report: stand.clientPosition, at: stand.now)
            let from = stand.sequence - UInt32(stand.playout.sentCount(from: stand.playout.heard(at: stand.now)))
            #expect(from == stand.buffer.first?.sequence ?? stand.sequence, "round \(round)")
        }
    }

    @Test func aReportOfBeforeTheResumptionDoesNotReachBeyondIt() {
        var stand = Stand()
        for _ in 0..<250 { stand.playout.append([]) }
        for _ in 0..<100 { stand.tick() }
        stand.hold(reports: true)
        stand.resume(back: .milliseconds(500))
        stand.playout.note(report: .seconds(5), at: stand.now)
        #expect(stand.playout.heard(at: stand.now) <= stand.playout.sentUntil)
    }
}
