import Testing
import Wire

@testable import LoadTest

struct ReplyCheckTests {
    private static let lead = Duration.milliseconds(120)

    /// Receives packets of one reply at the times at which a server that keeps the pace sends them.
    private func receive(
        _ numbers: Range<UInt32>, epoch: UInt16 = 1, from begin: Duration = .zero, media: UInt32 = 4_000, in check: inout ReplyCheck
    ) {
        for (index, number) in numbers.enumerated() {
            let place = Duration.milliseconds(20 * index)
            let header = AudioPacketHeader(
                flags: index == 0 ? .start : [], epoch: epoch, sequence: number, time: media &+ UInt32(index) * 960)
            let packet = check.receive(header, at: begin + max(.zero, place - Self.lead))
            #expect(packet?.begins == (index == 0))
            #expect(packet?.jitter == (index == 0 ? nil : .zero))
        }
    }

    private func started(_ epoch: UInt16 = 1, turn: Int = 1) -> ReplyCheck {
        var check = ReplyCheck(lead: Self.lead, packet: .milliseconds(20))
        check.started(turn: turn, epoch: epoch)
        return check
    }

    @Test func aReplyInOrderAndOnTimeHasNoFaults() {
        var check = started()
        receive(0..<50, in: &check)
        #expect(check.faults == ReplyCheck.Faults())
    }

    @Test func numbersMayTurnOver() {
        var check = started()
        check.started(turn: 2, epoch: 2)
        receive(UInt32.max - 2..<UInt32.max, in: &check)
        _ = check.receive(AudioPacketHeader(epoch: 1, sequence: .max, time: 4_000 + 2 * 960), at: .zero)
        _ = check.receive(AudioPacketHeader(epoch: 1, sequence: 0, time: 4_000 + 3 * 960), at: .zero)
        #expect(check.faults == ReplyCheck.Faults())
    }

    @Test func missingNumbersAreGapsAndRepeatedOnesOutOfOrder() {
        var check = started()
        receive(0..<3, in: &check)
        _ = check.receive(AudioPacketHeader(epoch: 1, sequence: 5, time: 4_000 + 3 * 960), at: .zero)
        #expect(check.faults.gaps == 2)
        #expect(check.receive(AudioPacketHeader(epoch: 1, sequence: 4, time: 4_000 + 4 * 960), at: .zero) == nil)
        #expect(check.receive(AudioPacketHeader(epoch: 1, sequence: 5, time: 4_000 + 4 * 960), at: .zero) == nil)
        #expect(check.faults.outOfOrder == 2)
    }

    @Test func mediaTimeThatLeavesSomethingOutIsAGap() {
        var check = started()
        receive(0..<3, in: &check)
        _ = check.receive(AudioPacketHeader(epoch: 1, sequence: 3, time: 4_000 + 4 * 960), at: .zero)
        #expect(check.faults.gaps == 1)
    }

    @Test func aPacketAfterItsPlayoutTimeIsLateAndOneBeforeTheLeadIsEarly() {
        var check = started()
        receive(0..<2, in: &check)
        let late = check.receive(AudioPacketHeader(epoch: 1, sequence: 2, time: 4_000 + 2 * 960), at: .milliseconds(41))
        #expect(check.faults.late == 1)
        #expect(late?.jitter == .milliseconds(41))
        let early = check.receive(AudioPacketHeader(epoch: 1, sequence: 3, time: 4_000 + 3 * 960), at: .milliseconds(41))
        #expect(early?.jitter == .milliseconds(41))
        #expect(check.faults.early == 0)
        for number in UInt32(4)..<11 {
            _ = check.receive(AudioPacketHeader(epoch: 1, sequence: number, time: 4_000 + number * 960), at: .milliseconds(41))
        }
        #expect(check.faults.early == 1)  // number 10 sounds at 200 ms, which is 159 ms ahead
        #expect(check.faults.gaps == 0)
    }

    @Test func aRunThatBeginsAnewWithoutAResumeIsAStall() {
        var check = started()
        receive(0..<10, in: &check)
        _ = check.receive(AudioPacketHeader(flags: .start, epoch: 1, sequence: 10, time: 90_000), at: .seconds(1))
        #expect(check.faults.stalls == 1)
        #expect(check.faults.late == 0)
    }

    @Test func aResumedReplyGoesOnAtItsPlaceWithoutAFault() {
        var check = started()
        receive(0..<10, in: &check)
        check.hold(1, at: .milliseconds(160))
        #expect(check.heard(at: .seconds(2))?.place == .milliseconds(100))  // what was buffered when it was held
        check.resume(1, at: .milliseconds(80))
        _ = check.receive(AudioPacketHeader(flags: .start, epoch: 1, sequence: 10, time: 90_000), at: .seconds(2))
        #expect(check.faults == ReplyCheck.Faults())
        #expect(check.heard(at: .milliseconds(2_070))?.place == .milliseconds(90))
    }

    @Test func packetsOfAReplyThatIsOverBelongToNoTurn() {
        var check = started()
        receive(0..<10, in: &check)
        #expect(check.end(1, at: .milliseconds(160)) == .milliseconds(100))
        #expect(check.receive(AudioPacketHeader(epoch: 1, sequence: 10, time: 4_000 + 9_600), at: .milliseconds(170)) == nil)
        #expect(check.faults.wrongTurn == 1)
        check.started(turn: 2, epoch: 2)
        receive(11..<20, epoch: 2, from: .seconds(1), in: &check)
        #expect(check.faults.wrongTurn == 1)
    }

    @Test func anOlderReplyAfterANewerOneBelongsToNoTurn() {
        var check = started()
        check.started(turn: 2, epoch: 2)
        receive(0..<5, epoch: 2, in: &check)
        #expect(check.receive(AudioPacketHeader(epoch: 1, sequence: 5, time: 0), at: .zero) == nil)
        #expect(check.faults.wrongTurn == 1)
    }

    @Test func aReplyMayBeAnnouncedAfterItsFirstPacketsButNotNever() {
        var check = ReplyCheck(lead: Self.lead, packet: .milliseconds(20))
        receive(0..<5, epoch: 1, in: &check)
        check.started(turn: 1, epoch: 1)
        check.end(1, at: .seconds(1))
        #expect(check.faults.wrongTurn == 0)
        receive(5..<8, epoch: 2, from: .seconds(2), in: &check)
        check.end(2, at: .seconds(3))
        #expect(check.faults.wrongTurn == 3)
    }

    @Test func turnsDoNotGoBack() {
        var check = started(3, turn: 5)
        check.started(turn: 4, epoch: 4)
        #expect(check.faults.wrongTurn == 1)
    }
}
