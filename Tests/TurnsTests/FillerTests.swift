import Testing
import Turns

struct FillerTests {
    private let settings = TurnSettings(filler: .milliseconds(1500))

    private func fills(_ stand: TurnStand) -> Int { stand.actions.count { if case .fill = $0 { true } else { false } } }

    @Test("a slow answer is preceded by one filler, of that reply") func slow() throws {
        var stand = TurnStand.preparing(settings)
        stand.pass(.milliseconds(1499))
        #expect(fills(stand) == 0)
        stand.pass(.milliseconds(1))
        #expect(stand.actions.contains(.fill(try #require(stand.reply))))
        stand.pass(.seconds(5))
        #expect(fills(stand) == 1)
    }

    @Test("an answer that is heard in time is not") func quick() {
        var stand = TurnStand.preparing(settings)
        if let reply = stand.reply { stand.take(.replyAudible(reply)) }
        stand.pass(.seconds(5))
        #expect(fills(stand) == 0)
    }

    @Test("never before two answers in a row, and again before the next but one") func notTwice() {
        var stand = TurnStand.preparing(settings)
        stand.pass(.seconds(2))
        for expected in [1, 2, 2] {
            stand.finishReply()
            stand.take(.typed("and then?"))
            stand.pass(.seconds(2))
            #expect(fills(stand) == expected)
        }
    }

    @Test("nobody is told to wait while they speak") func speaking() {
        var stand = TurnStand.preparing(settings)
        stand.pass(.milliseconds(1400))
        stand.take(.voice(.voiced(.milliseconds(160), at: stand.now)))
        stand.pass(.milliseconds(200))
        #expect(fills(stand) == 0)
    }

    @Test("without the setting there is none") func off() {
        var stand = TurnStand.preparing()
        stand.pass(.seconds(10))
        #expect(fills(stand) == 0)
    }
}
