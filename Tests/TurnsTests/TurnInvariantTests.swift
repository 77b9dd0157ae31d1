import Testing
import Turns

struct TurnInvariantTests {
    /// SplitMix64: the same numbers from the same seed on every machine.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    /// Everything that has been begun and is not over.
    struct Ledger {
        var replies: Set<Token> = []
        var drafts: Set<Token> = []
        var recognitions: Set<Token> = []
        /// Replies whose sound stands still, and the questions for words over the agent that may be answered.
        var held: Set<Token> = []
        var overhearing: Set<Token> = []
        var tokens: Set<Token> = []
        var isClosed = false

        mutating func enter(_ token: Token) -> String? {
            tokens.insert(token).inserted ? nil : "token \(token) used twice"
        }

        /// Takes an action; says what rule it breaks.
        mutating func take(_ action: TurnAction) -> String? {
            if isClosed { return "action after close" }
            switch action {
            case .startTimer(let token, let after):
                return after < .zero ? "negative timer" : enter(token)
            case .turnBegan(let turn): return turn < 1 ? "turn \(turn)" : nil
            case .askEndOfTurn(let token): return enter(token)
            case .recognize(let token):
                recognitions.insert(token)
                return recognitions.count > 1 ? "two recognitions" : enter(token)
            case .cancelRecognition(let token): return recognitions.remove(token) == nil ? "cancelled an unknown recognition" : nil
            case .overhear(let token):
                overhearing.insert(token)
                return overhearing.count > 1 ? "two looks at the words at once" : enter(token)
            case .commit(_, let text): return text.isEmpty ? "empty turn" : nil
            case .ignore, .dropUtterance: return nil
            case .startDraft(let token, _):
                drafts.insert(token)
                return drafts.count > 1 || !replies.isEmpty ? "a draft beside another reply" : enter(token)
            case .releaseReply(let token):
                replies.insert(token)
                return drafts.remove(token) == nil ? "released what was no draft" : nil
            case .startReply(let token), .say(let token, _):
                replies.insert(token)
                return replies.count + drafts.count > 1 ? "two replies" : enter(token)
            case .fill(let token): return replies.contains(token) && !held.contains(token) ? nil : "a filler beside no reply, or over the caller"
            case .cancelReply(let token), .interrupt(let token):
                held.remove(token)
                return replies.remove(token) == nil && drafts.remove(token) == nil ? "stopped an unknown reply" : nil
            case .hold(let token): return replies.contains(token) && held.insert(token).inserted ? nil : "held an unknown reply, or twice"
            case .resume(let token): return replies.contains(token) && held.remove(token) != nil ? nil : "resumed what was not held"
            case .close:
                isClosed = true
                return replies.isEmpty && drafts.isEmpty && recognitions.isEmpty ? nil : "closed over open work"
            }
        }
    }

    @Test func aMillionRandomEventsBreakNoInvariant() {
        var random = Random(state: 20_261_123)
        var events = 0
        while events < 1_000_000 {
            let mode: TurnSettings.BargeIn = [.interrupt, .append, .ignore, .keywords][Int(random.next() % 4)]
            let lines: Set<Line> = random.next() % 4 == 0 ? [.greeting, .failure] : []
            var machine = TurnMachine(
                TurnSettings(bargeIn: mode, keywords: ["agent"], protectedLines: lines, filler: random.next() % 2 == 0 ? .milliseconds(1500) : nil))
            var ledger = Ledger()
            var now = Instant.zero
            var timers: [Token] = []
            var asks: [Token] = []
            for _ in 0..<400 {
                events += 1
                now = now + .milliseconds(Int(random.next() % 400))
                let event = draw(&random, now, timers, asks, ledger)
                switch event {
                case .replyFinished(let token), .replyFailed(let token):
                    ledger.replies.remove(token)
                    ledger.drafts.remove(token)
                case .transcript(let token, _), .recognitionFailed(let token): ledger.recognitions.remove(token)
                case .overheard(let token, _): ledger.overhearing.remove(token)
                default: break
                }
                let before = machine.state
                let actions = machine.handle(event, at: now)
                // What is no longer awaited has been cancelled.
                ledger.overhearing.formIntersection([machine.awaitedWords].compactMap { $0 } + actions.compactMap(Self.question))
                if let broken = Self.interruption(by: event, in: before, actions) {
                    Issue.record("\(broken): \(actions) after \(event) in \(before)")
                    return
                }
                for action in actions {
                    if case .startTimer(let token, _) = action { timers.append(token) }
                    if case .askEndOfTurn(let token) = action { asks.append(token) }
                    if let broken = ledger.take(action) {
                        Issue.record("\(broken): \(action) after \(event) in \(machine.state)")
                        return
                    }
                }
                if timers.count > 8 { timers.removeFirst(timers.count - 8) }
                if let broken = check(machine, ledger) {
                    Issue.record("\(broken): after \(event) in \(machine.state)")
                    return
                }
            }
        }
    }

    private static func question(_ action: TurnAction) -> Token? { if case .overhear(let token) = action { token } else { nil } }

    /// A reply that is heard is given up only for words that are no backchannel, for a long enough voice without words, or by hand.
    private static func interruption(by event: TurnEvent, in state: TurnMachine.State, _ actions: [TurnAction]) -> String? {
        guard case .answering(let answering) = state, actions.contains(.interrupt(answering.reply)) else { return nil }
        let isProtected = answering.isProtected || answering.isEnding || answering.line == .greeting
        switch event {
        case .typed, .cancelReply, .hangUp, .drain: return nil
        case .overheard(_, let words):
            if isProtected && answering.line != .greeting { return "a protected part was interrupted" }
            return words.map { $0.verdict(voiced: .seconds(9), language: "en") }.map { $0 == .backchannel || $0 == .unknown } == true
                ? "interrupted by what was no word" : nil
        case .voice(.voiced), .timer:
            return answering.interjection?.lacksWords == true || answering.interjection?.ask != nil ? nil : "interrupted by sound alone"
        default: return "interrupted by nothing"
        }
    }

    /// What must hold between events.
    private func check(_ machine: TurnMachine, _ ledger: Ledger) -> String? {
        switch machine.state {
        case .fresh, .ended: ledger.replies.isEmpty && ledger.recognitions.isEmpty ? nil : "work without a conversation"
        case .listening: ledger.replies.isEmpty && ledger.drafts.isEmpty && ledger.recognitions.isEmpty ? nil : "silence with work under way"
        case .hearing: ledger.replies.isEmpty ? nil : "the agent speaks over the caller"
        case .recognizing(let recognizing):
            ledger.recognitions == [recognizing.recognition] && ledger.replies.isEmpty ? nil : "waits for a transcript that will not come"
        case .answering(let answering):
            if ledger.replies != [answering.reply] || !ledger.drafts.isEmpty {
                "waits for a reply that will not come"
            } else if answering.isHeld != ledger.held.contains(answering.reply) {
                "the agent's sound is not where the machine takes it to be"
            } else if let sound = answering.interjection, sound.isHeld, sound.isSpeech, sound.silentSince != nil, sound.resume == nil,
                sound.ask == nil
            {
                "held with nothing that would end it"
            } else if machine.awaitedWords.map({ ledger.overhearing != [$0] }) ?? !ledger.overhearing.isEmpty {
                "waits for words that will not come"
            } else {
                nil
            }
        }
    }

    private func draw(_ random: inout Random, _ now: Instant, _ timers: [Token], _ asks: [Token], _ ledger: Ledger) -> TurnEvent {
        let drawn = Token(random.next() % 50)
        let isLive = ledger.replies.contains(drawn) || ledger.drafts.contains(drawn) || ledger.recognitions.contains(drawn)
        let stale = isLive ? Token(0) : drawn
        let reply = ledger.replies.union(ledger.drafts).randomElement(using: &random) ?? stale
        let recognition = ledger.recognitions.first ?? stale
        switch random.next() % 80 {
        case 0: return random.next() % 2 == 0 ? .started : .agentSaid("What is your phone number?")
        case 1...4: return .voice(.onset(at: now))
        case 5...12: return .voice(.voiced(.milliseconds(128 + 192 * Int(random.next() % 5)), at: now))
        case 13: return .voice(.falseOnset(at: now))
        case 14...20: return .voice(.silence(since: now - .milliseconds(Int(random.next() % 100))))
        case 21...23: return .voice(.resumed(at: now))
        case 24...25: return .voice(.stirred(at: now))
        case 26: return .voice(.stilled(at: now))
        case 27...36: return .timer(timers.randomElement(using: &random) ?? stale)
        case 37...40: return .endOfTurn(asks.last ?? stale, random.next() % 5 == 0 ? nil : Float(random.next() % 101) / 100)
        case 41...46: return .transcript(recognition, random.next() % 4 == 0 ? "" : "words")
        case 47: return .recognitionFailed(recognition)
        case 48...53: return .replyAudible(ledger.replies.first ?? stale)
        case 54...57: return .replyFinished(ledger.replies.first ?? stale)
        case 58: return .replyFailed(reply)
        case 59: return .typed(random.next() % 4 == 0 ? "" : "typed")
        case 60: return .commit(.hand)
        case 61: return .cancelReply
        case 62: return random.next() % 8 == 0 ? .drain : .commit(.length)
        case 64: return .voice(.onset(at: now, isStrong: true))
        case 65...66: return .voice(.likely(.milliseconds(64), at: now))
        case 67...72:
            let texts = ["", "mm-hmm", "yeah", "stop", "where is my parcel", "an agent please", "um"]
            let text = texts[Int(random.next() % UInt64(texts.count))]
            let confidence: Float? = random.next() % 3 == 0 ? nil : Float(random.next() % 101) / 100
            let words = Overheard(text: text, confidence: confidence, agent: "where is my parcel")
            return .overheard(ledger.overhearing.first ?? stale, random.next() % 6 == 0 ? nil : words)
        case 73...74: return .replyProtected(ledger.replies.first ?? stale, random.next() % 2 == 0)
        case 75: return .replyEnding(ledger.replies.first ?? stale)
        default: return random.next() % 32 == 0 ? .hangUp("bye") : .timer(stale)
        }
    }
}
