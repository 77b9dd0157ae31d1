import Testing

@testable import Turns

/// Sounds that are gone when the agent is, as its own echo is.
struct EchoedSoundTests {
    /// The agent has been heard for a second.
    private static func speaking(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.speaking(settings)
        stand.wait(1_000)
        return stand
    }

    /// A sound that holds the agent and is over soon after, with one word in it.
    private func blip(_ stand: inout TurnStand, _ text: String, _ confidence: Float, voiced: Int = 256, after: Int = 200) {
        stand.voiced(voiced)
        if stand.isHeld { stand.hears("", confidence: confidence) }
        stand.wait(after)
        stand.pause()
        stand.hears(text, confidence: confidence)
        if !stand.isInterrupted { stand.pass(.milliseconds(400)) }
    }

    @Test("doubtful words that are heard once more count where the sound goes on without the agent", arguments: [(200, false), (500, true)])
    func heardOnceMore(wait: Int, interrupts: Bool) {
        var stand = Self.speaking()
        stand.voiced(256)
        stand.hears("Alexa", confidence: 0.5)
        #expect(stand.isHeld)
        stand.wait(wait)
        stand.voiced(512)
        stand.hears("Alexa", confidence: 0.48)
        #expect(stand.isInterrupted == interrupts)
    }

    @Test(arguments: [(0.65, 200, false), (0.65, 450, true), (0.75, 200, true)] as [(Float, Int, Bool)])
    func aWordThatEndsWithTheAgentHasToBeSurer(confidence: Float, after: Int, interrupts: Bool) {
        var stand = Self.speaking()
        blip(&stand, "Tomorrow", confidence, after: after)
        #expect(stand.isInterrupted == interrupts)
        if !interrupts { #expect(!stand.isHeld, "the agent has gone on") }
    }

    /// The caller was speaking already when the reply began.
    @Test func aSoundThatBeganBeforeTheAgentIsNotTheAgents() {
        for (wait, interrupts) in [(200, true), (300, false)] {
            var stand = TurnStand.speaking()
            stand.wait(wait)
            blip(&stand, "Tomorrow", 0.65)
            #expect(stand.isInterrupted == interrupts, "\(wait) ms")
        }
    }

    @Test func afterOneSuchSoundTheNextHasToBeSurerStill() {
        for (confidence, interrupts) in [(0.85, false), (0.95, true)] as [(Float, Bool)] {
            var stand = Self.speaking()
            blip(&stand, "Tomorrow", 0.5)
            blip(&stand, "Tomorrow", confidence)
            #expect(stand.isInterrupted == interrupts, "\(confidence)")
        }
    }

    /// Two sounds were gone with the agent; words in the third are tried by holding it.
    private func suspicious() -> TurnStand {
        var stand = Self.speaking()
        blip(&stand, "", 0.5)
        blip(&stand, "", 0.5)
        #expect(!stand.isHeld)
        return stand
    }

    @Test func wordsThatGoOnWhileTheAgentIsHeldInterrupt() {
        var stand = suspicious()
        stand.voiced(512)
        stand.hears("Give me a coffee", confidence: 0.9)
        stand.wait(300)
        stand.voiced(800)
        stand.hears("Give me a coffee with milk", confidence: 0.9)
        #expect(stand.isHeld)
        #expect(!stand.isInterrupted, "an echo may sound on for as long")
        stand.wait(200)
        stand.voiced(1_312)
        stand.hears("Give me a coffee with milk and sugar", confidence: 0.9)
        #expect(stand.isInterrupted)
    }

    @Test func wordsThatAreGoneWithTheAgentDoNot() {
        var stand = suspicious()
        stand.voiced(512)
        stand.hears("Give me a coffee", confidence: 0.9)
        stand.wait(200)
        stand.pause()
        stand.hears("Give me a coffee with milk", confidence: 0.9)
        stand.pass(.milliseconds(400))
        #expect(!stand.isInterrupted)
        #expect(!stand.isHeld)
    }

    /// A sound that has cost its right to hold the agent without words gets it by its words.
    @Test func wordsAreTriedByHoldingTheAgent() {
        var stand = suspicious()
        blip(&stand, "", 0.5, voiced: 512)
        stand.voiced(256)
        #expect(!stand.isHeld)
        stand.hears("Give me", confidence: 0.9)
        stand.voiced(512)
        #expect(!stand.isHeld)
        stand.hears("Give me a coffee", confidence: 0.9)
        #expect(stand.isHeld)
        #expect(!stand.isInterrupted)
        stand.wait(500)
        stand.voiced(800)
        stand.hears("Give me a coffee with milk", confidence: 0.9)
        #expect(stand.isInterrupted)
    }

    @Test func aCommandNeedsNoTrial() {
        var stand = suspicious()
        stand.voiced(512)
        stand.hears("Stop", confidence: 0.9)
        #expect(stand.isInterrupted)
    }

    @Test func theRuleCanBeTurnedOff() {
        var stand = Self.speaking(TurnSettings(echoTail: .zero))
        for _ in 0..<2 { blip(&stand, "Tomorrow", 0.5) }
        blip(&stand, "Tomorrow", 0.65, voiced: 512)
        #expect(stand.isInterrupted)
    }
}
