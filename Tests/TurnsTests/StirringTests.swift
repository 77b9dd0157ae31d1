import Testing
import Turns

/// A sound that begins when the end of a turn is due.
struct StirringTests {
    /// The words are known and the model has spoken: the end is due in a while.
    private func pausing(_ text: String = "where is my new card") throws -> TurnStand {
        var stand = TurnStand.pausing()
        stand.take(.endOfTurn(try #require(stand.ask), 0.2))
        stand.take(.transcript(try #require(stand.recognition), text))
        return stand
    }

    private func commits(_ stand: TurnStand) -> Int { stand.actions.count { if case .commit = $0 { true } else { false } } }

    /// Lets time pass until the end is due.
    private func due(_ stand: inout TurnStand) {
        while case .hearing(let hearing) = stand.machine.state, hearing.pause?.stirLimit == nil, !stand.timers.isEmpty { stand.nextTimer() }
    }

    @Test func aCallerWhoGoesOnAtThatMomentIsNotCutShort() throws {
        var stand = try pausing()
        stand.take(.voice(.stirred(at: stand.now)))
        due(&stand)
        #expect(commits(stand) == 0)
        #expect(stand.machine.reasons.last == .stirs(turn: 1))
        stand.wait(32)
        stand.take(.voice(.resumed(at: stand.now)))
        stand.pass(.seconds(5))
        #expect(commits(stand) == 0)
        #expect(stand.machine.turn == 1)
    }

    @Test func aSoundThatComesToNothingDelaysTheEndOnlyWhileItLasts() throws {
        var stand = try pausing()
        stand.take(.voice(.stirred(at: stand.now)))
        due(&stand)
        stand.wait(100)
        #expect(stand.take(.voice(.stilled(at: stand.now))).contains(.commit(turn: 1, text: "where is my new card")))
    }

    @Test func aSoundThatIsOverWhenTheEndIsDueDelaysNothing() throws {
        var quiet = try pausing()
        var clicking = try pausing()
        clicking.take(.voice(.stirred(at: clicking.now)))
        clicking.take(.voice(.stilled(at: clicking.now)))
        while commits(quiet) == 0, !quiet.timers.isEmpty { quiet.nextTimer() }
        while commits(clicking) == 0, !clicking.timers.isEmpty { clicking.nextTimer() }
        #expect(commits(quiet) == 1)
        #expect(clicking.now == quiet.now)
    }

    @Test func aSoundOfWhichNothingMoreIsToldDelaysTheEndByTheLimit() throws {
        var stand = try pausing()
        var quiet = stand
        while commits(quiet) == 0, !quiet.timers.isEmpty { quiet.nextTimer() }
        stand.take(.voice(.stirred(at: stand.now)))
        while commits(stand) == 0, !stand.timers.isEmpty { stand.nextTimer() }
        #expect(stand.now - quiet.now == TurnSettings.stirring)
    }

    @Test func whatBecomesKnownMeanwhileMovesTheEndAsEver() throws {
        var stand = TurnStand.pausing()
        let began = stand.now - .milliseconds(200)
        stand.take(.endOfTurn(try #require(stand.ask), 0.95))
        stand.take(.voice(.stirred(at: stand.now)))
        due(&stand)
        stand.take(.transcript(try #require(stand.recognition), "my number is"))
        stand.take(.voice(.stilled(at: stand.now)))
        #expect(commits(stand) == 0)
        while commits(stand) == 0, !stand.timers.isEmpty { stand.nextTimer() }
        #expect(stand.now - began >= EndpointPolicy.balanced.doubtful)
    }

    @Test func wordsThatComeAfterTheSilenceLeaveRoomForASound() throws {
        var stand = TurnStand.pausing()
        stand.take(.endOfTurn(try #require(stand.ask), 0.97))
        while case .hearing = stand.machine.state, !stand.timers.isEmpty { stand.nextTimer() }
        guard case .recognizing = stand.machine.state else { return #expect(Bool(false), "\(stand.machine.state)") }
        stand.take(.voice(.stirred(at: stand.now)))
        stand.take(.transcript(try #require(stand.recognition), "where is my new card"))
        #expect(commits(stand) == 0)
        stand.take(.voice(.resumed(at: stand.now)))
        stand.pass(.seconds(5))
        #expect(commits(stand) == 0)
    }
}
