import Dialogue
import Engines
import Sessions
import Turns
import Wire

/// A call in which anything happens at any time, made from a seed: the same seed makes the same call.
///
/// Some seconds of chaos on all sides, then a caller with a working connection who is silent for long, then a few plain questions.
/// The engines fail, stall or answer with nothing the first times they are asked, and work later.
struct ChaoticCall {
    private(set) var script: CallScript
    let bargeIn: TurnSettings.BargeIn
    /// Milliseconds at which the chaos is over and the first plain question begins.
    private(set) var calm = 0
    private(set) var isDrained = false
    private var random: SeededNumbers
    private var isLost = false

    private static let chaos = 12_000
    /// Requests of each kind of which some are not answered as they should be.
    private static let troubled = 2
    private static let questions = 3

    init(seed: Int) {
        random = SeededNumbers(state: UInt64(seed))
        bargeIn = random.pick([.interrupt, .interrupt, .append, .ignore, .keywords])
        var lines = CallScript.lines
        for line in Line.allCases where random.chance(4) { lines[line] = "" }
        let turns = TurnSettings(
            bargeIn: bargeIn, keywords: ["partly"], protectedLines: random.chance(3) ? [.greeting, .failure] : [],
            protectedPhrases: random.chance(3) ? ["two is"] : [], idle: .seconds(3000), recognitionLimit: .seconds(2), replyLimit: .seconds(3))
        script = CallScript(lines: lines, turns: turns) { plan in
            plan.limits.utterance = .seconds(5)
            plan.partialEvery = .milliseconds(700)
        }
        let isDraining = random.chance(3)
        while script.milliseconds < Self.chaos { happen() }
        if isDraining {
            isDrained = true
            script.moment(.drain(within: .seconds(10)))
            for _ in 0..<10 { happen() }
        }
        if isLost { script.moment(.transportBack) }
        script.silence(15_000)
        calm = script.milliseconds
        for _ in 0..<Self.questions {
            script.voice(1200)
            script.silence(6000)
        }
        script.silence(4000)
        for number in 1...120 { answer(number) }
    }

    private mutating func happen() {
        switch random.number(0..<16) {
        case 0...3: script.voice(random.pick([64, 160, 224, 384, 800, 2000]))
        case 4...7: script.silence(random.pick([60, 100, 200, 400, 800, 2500]))
        case 8: script.moment(.client(.text("typed")))
        case 9: script.moment(.client(.commit))
        case 10: script.moment(.client(.cancelReply))
        case 11:
            script.moment(isLost ? .transportBack : .transportLost)
            isLost.toggle()
        case 12: if !isLost { script.moment(.transportBack) }
        case 13: script.moment(.client(.mute(random.chance(2))))
        default:
            // Of any epoch, those that never were included.
            let (epoch, position) = (UInt16(random.number(0..<6)), random.number(0..<2000))
            script.moment(
                .client(random.chance(2) ? .flushed(epoch: epoch, milliseconds: position) : .playout(epoch: epoch, milliseconds: position)))
        }
    }

    /// What each engine says to its request of this number.
    private mutating func answer(_ number: Int) {
        let isTroubled = number <= Self.troubled
        func trouble(_ one: Int, _ random: inout SeededNumbers) -> Bool { isTroubled && random.chance(one) }
        if !trouble(4, &random) { script.add(.endOfTurn, number, after: random.number(1..<300), .probability(Float(random.number(0..<100)) / 100)) }
        if !trouble(8, &random) {
            let isFailure = trouble(3, &random)
            let text = trouble(3, &random) ? "" : "hello"
            script.add(
                .recognize, number, after: random.number(1..<1500),
                isFailure ? .failure(EngineError(.failed, "test")) : .transcript(Transcript(text: text)))
        }
        if !random.chance(6) {
            let (text, confidence) = (random.pick(["", "mm-hmm", "partly", "stop", "where is it"]), Float(random.number(0..<100)) / 100)
            script.add(
                .partial, number, after: random.number(1..<700),
                random.chance(8) ? .failure(EngineError(.failed, "test")) : .transcript(Transcript(text: text, confidence: confidence)))
        }
        if !trouble(8, &random) {
            let delay = random.number(1..<900)
            if !trouble(4, &random) {
                script.add(.answer, number, after: delay, .text(trouble(4, &random) ? "***" : "One is. "))
                script.add(.answer, number, after: delay + 50, .text("Two is. "))
            }
            script.add(
                .answer, number, after: delay + 700, trouble(4, &random) ? .failure(EngineError(.brokenOff, "test")) : .textEnd("stop"))
        }
        let delay = random.number(1..<900)
        script.add(.speak, number, after: delay, .speech(packets: 40, words: []))
        script.add(
            .speak, number, after: delay + random.number(1..<900),
            trouble(5, &random) ? .failure(EngineError(.failed, "test")) : .speechEnd(.milliseconds(800)))
    }
}

/// Numbers that follow from a seed.
private struct SeededNumbers {
    var state: UInt64

    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    init(state: UInt64) {
        self.state = (state &+ 1) &* 0x9E37_79B9_7F4A_7C15
        for _ in 0..<8 { _ = next() }
    }

    mutating func number(_ range: Range<Int>) -> Int { range.lowerBound + Int(next() >> 1) % range.count }
    /// True once in so many times.
    mutating func chance(_ one: Int) -> Bool { number(0..<one) == 0 }
    mutating func pick<T>(_ options: [T]) -> T { options[number(0..<options.count)] }
}
