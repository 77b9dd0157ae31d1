package import Audio

/// What kind of caller is simulated.
package enum LoadMix: String, Sendable, CaseIterable {
    /// Speaks with pauses and gets no reply.
    case listening
    /// Takes turns with the agent, and interrupts some replies.
    case conversation
    /// Is connected and silent; sends a packet each 400 ms, as an encoder with DTX does.
    case idle
    /// Connects, says one thing, leaves.
    case churn
}

/// What one caller sends in each 20 ms, decided by what it has heard. No clock, no IO.
package struct CallerScript: Sendable {
    package enum Sound: Sendable, Equatable {
        case voice(utterance: Int, packet: Int)
        case quiet
        case nothing
    }

    package enum Action: Sendable, Equatable {
        case send(Sound)
        /// The first packet of an interruption.
        case interrupt(Sound)
        case leave
    }

    private enum Phase: Sendable, Equatable {
        case pausing(until: Duration)
        case speaking(utterance: Int, packet: Int, interrupts: Bool)
        case awaiting(since: Duration)
        case hearing(since: Duration, interruptAt: Duration?)
    }

    /// How much of the time a reply plays in a conversation, as far as turns of this length allow.
    package static let replyShare = 0.4
    /// Share of replies that are interrupted.
    package static let interruptions = 0.3
    /// How long a reply is waited for.
    package static let patience = Duration.seconds(15)
    private static let dtxTicks = 20

    /// Replies that never came.
    package private(set) var missedReplies = 0
    /// How long replies have played.
    package private(set) var replyTime = Duration.zero
    private let mix: LoadMix
    /// Packets of each utterance.
    private let lengths: [Int]
    private var generator: SeededGenerator
    private var phase: Phase
    private let begin: Duration
    private var ticks = 0
    private var isDone = false

    /// - Parameters:
    ///   - lengths: Packets of each utterance there is; at least one utterance.
    ///   - begin: When the session was ready.
    package init(_ mix: LoadMix, lengths: [Int], generator: SeededGenerator, begin: Duration) {
        precondition(!lengths.isEmpty, "a caller has something to say")
        (self.mix, self.lengths, self.generator, self.begin) = (mix, lengths, generator, begin)
        phase = .pausing(until: begin)
        let first: ClosedRange<Int> = mix == .churn ? 0...200 : 0...3_000
        phase = .pausing(until: begin + .milliseconds(Int.random(in: first, using: &self.generator)))
        ticks = Int.random(in: 0..<Self.dtxTicks, using: &self.generator)
    }

    /// What to do in the 20 ms that begin now.
    package mutating func next(at now: Duration) -> Action {
        guard mix != .idle else {
            ticks += 1
            return .send(ticks.isMultiple(of: Self.dtxTicks) ? .quiet : .nothing)
        }
        switch phase {
        case .pausing(let until):
            guard now >= until else { return .send(.quiet) }
            if isDone { return .leave }
            return speak(interrupts: false, at: now)
        case .speaking(let utterance, let packet, let interrupts): return say(utterance, packet, interrupts, at: now)
        case .awaiting(let since):
            if now - since > Self.patience {
                missedReplies += 1
                phase = .pausing(until: now)
            }
            return .send(.quiet)
        case .hearing(_, let interruptAt):
            guard let interruptAt, now >= interruptAt else { return .send(.quiet) }
            return speak(interrupts: true, at: now)
        }
    }

    /// Whether the caller is in the middle of an utterance.
    package var isSpeaking: Bool { if case .speaking = phase { true } else { false } }

    /// The first packet of a reply came.
    package mutating func replyBegan(at now: Duration) {
        guard mix == .conversation else { return }
        switch phase {
        case .awaiting, .pausing, .hearing:
            let interrupts = Double.random(in: 0..<1, using: &generator) < Self.interruptions
            phase = .hearing(since: now, interruptAt: interrupts ? now + .milliseconds(Int.random(in: 600...2_000, using: &generator)) : nil)
        case .speaking: break
        }
    }

    /// A reply is over.
    ///
    /// - Parameters:
    ///   - played: How long it played.
    ///   - isComplete: Whether the caller's turn is next; else another reply is to come.
    package mutating func replyEnded(played: Duration, isComplete: Bool, at now: Duration) {
        replyTime += played
        guard case .hearing = phase else { return }
        guard isComplete else { return phase = .awaiting(since: now) }
        let wait = replyTime / Self.replyShare - (now - begin)
        phase = .pausing(until: now + min(max(wait, .milliseconds(300)), .seconds(6)))
    }

    /// The turn whose reply is awaited came to nothing, and the server has said so.
    package mutating func turnFailed(at now: Duration) {
        guard case .awaiting = phase else { return }
        phase = .pausing(until: now + .seconds(1))
    }

    private mutating func speak(interrupts: Bool, at now: Duration) -> Action {
        let utterance = Int.random(in: lengths.indices, using: &generator)
        return say(utterance, 0, interrupts, at: now)
    }

    private mutating func say(_ utterance: Int, _ packet: Int, _ interrupts: Bool, at now: Duration) -> Action {
        phase = .speaking(utterance: utterance, packet: packet + 1, interrupts: interrupts)
        if packet + 1 >= lengths[utterance] { phase = spoken(at: now) }
        let sound = Sound.voice(utterance: utterance, packet: packet)
        return interrupts && packet == 0 ? .interrupt(sound) : .send(sound)
    }

    private mutating func spoken(at now: Duration) -> Phase {
        switch mix {
        case .conversation: return .awaiting(since: now)
        case .churn:
            isDone = true
            return .pausing(until: now + .milliseconds(Int.random(in: 200...800, using: &generator)))
        case .listening, .idle: return .pausing(until: now + .milliseconds(Int.random(in: 1_000...4_000, using: &generator)))
        }
    }
}
