/// What the caller's voice does, as far as turn-taking needs to know.
package enum VoiceEvent: Equatable, Sendable {
    /// A sound that may be speech has begun; nothing is certain yet, though a detector may already be very sure.
    case onset(at: Instant, isStrong: Bool = false)
    /// The sound has been voiced for this long, less than speech needs, but enough to hold one's breath for. Sent once an onset at most.
    case likely(Duration, at: Instant)
    /// The sound has been voiced for this long. Sent at each of the gate's milestones, rising.
    case voiced(Duration, at: Instant)
    /// The sound was too short to be speech and is over; `at` is when its last voiced window ended.
    case falseOnset(at: Instant)
    /// Speech has paused; `since` is when its last voiced window ended.
    case silence(since: Instant)
    /// A sound has begun in a pause; it is too short yet for speech that goes on.
    case stirred(at: Instant)
    /// The sound in a pause came to nothing; `at` is when its last voiced window ended.
    case stilled(at: Instant)
    /// The voice came back before the pause ended the turn.
    case resumed(at: Instant)
}

/// Turns a detector's probabilities into voice events: hysteresis, minimum duration, milestones of voiced time.
///
/// A window switches the voice on at ``Settings/on`` and off below ``Settings/off``. An onset becomes speech when it
/// has been voiced for the minimum; the milestones are the moments at which somebody has to decide something.
package struct VoiceGate: Sendable {
    package struct Settings: Sendable, Equatable {
        /// Probability from which silence becomes voice, 0...1.
        package var on: Float
        /// Probability below which voice becomes silence; at most `on`.
        package var off: Float
        /// Voiced time from which a sound is likely to be speech; from `minimumSpeech` on it is told as speech alone.
        package var likely: Duration
        /// Probability of a window that makes the sound likely at once, 0...1.
        package var strong: Float
        /// Voiced time from which a sound counts as speech.
        package var minimumSpeech: Duration
        /// Unvoiced time that an onset survives before it counts as false, and speech before it counts as a pause.
        package var bridge: Duration
        /// Voiced time from which a sound in a pause counts as speech going on.
        package var resumption: Duration
        /// Further voiced times to be told of, rising; each beyond `minimumSpeech`.
        package var milestones: [Duration]
        /// After the last milestone, how often to tell of voice that goes on.
        package var reminder: Duration

        package init(
            on: Float = 0.5, off: Float = 0.35, minimumSpeech: Duration = .milliseconds(128), bridge: Duration = .milliseconds(96),
            resumption: Duration = .milliseconds(64), milestones: [Duration] = TurnSettings().milestones,
            reminder: Duration = .milliseconds(512), likely: Duration = .milliseconds(64), strong: Float = 0.7
        ) {
            (self.likely, self.strong) = (likely, strong)
            (self.on, self.off, self.minimumSpeech, self.bridge) = (on, off, minimumSpeech, bridge)
            (self.resumption, self.milestones, self.reminder) = (resumption, milestones, reminder)
        }
    }

    private enum State: Equatable {
        case quiet
        /// Voice that is not speech yet.
        case onset(voiced: Duration, lastVoiced: Instant, isTold: Bool)
        case speech(voiced: Duration, lastVoiced: Instant, told: Duration)
        /// A pause after speech; `voiced` is how long a new sound in it has lasted.
        case pause(voiced: Duration, lastVoiced: Instant)
    }

    private let settings: Settings
    private var state = State.quiet

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Whether the caller is taken to be speaking at this moment.
    package var isVoiced: Bool {
        switch state {
        case .quiet, .pause: false
        case .onset, .speech: true
        }
    }

    /// Takes one window's probability.
    ///
    /// - Parameters:
    ///   - length: How long the window is.
    ///   - end: When its last sample sounded.
    package mutating func handle(probability: Float, length: Duration, endingAt end: Instant) -> VoiceEvent? {
        switch state {
        case .quiet:
            guard probability >= settings.on else { return nil }
            let isStrong = probability >= settings.strong
            state = .onset(voiced: length, lastVoiced: end, isTold: isStrong)
            return .onset(at: end - length, isStrong: isStrong)
        case .pause(let voiced, let lastVoiced): return inPause(probability, length, end, voiced, lastVoiced)
        case .onset(let voiced, let lastVoiced, let isTold): return inOnset(probability, length, end, voiced, lastVoiced, isTold)
        case .speech(let voiced, let lastVoiced, let told): return inSpeech(probability, length, end, voiced, lastVoiced, told)
        }
    }

    /// Treats the voice as gone because no audio comes any more.
    package mutating func audioStopped(at now: Instant) -> VoiceEvent? {
        switch state {
        case .quiet, .pause: return nil
        case .onset(_, let lastVoiced, _):
            state = .quiet
            return .falseOnset(at: lastVoiced)
        case .speech(_, let lastVoiced, _):
            state = .pause(voiced: .zero, lastVoiced: lastVoiced)
            return .silence(since: lastVoiced)
        }
    }

    /// The turn is over: the next voice is an onset of its own, measured from nothing.
    package mutating func endTurn() {
        switch state {
        case .pause: state = .quiet
        case .quiet, .onset, .speech: break
        }
    }

    private mutating func inOnset(
        _ probability: Float, _ length: Duration, _ end: Instant, _ voiced: Duration, _ lastVoiced: Instant, _ isTold: Bool
    ) -> VoiceEvent? {
        guard probability >= settings.off else {
            guard end - lastVoiced >= settings.bridge else { return nil }
            state = .quiet
            return .falseOnset(at: lastVoiced)
        }
        let total = voiced + length
        guard total >= settings.minimumSpeech else {
            let isLikely = !isTold && (total >= settings.likely || probability >= settings.strong)
            state = .onset(voiced: total, lastVoiced: end, isTold: isTold || isLikely)
            return isLikely ? .likely(total, at: end) : nil
        }
        state = .speech(voiced: total, lastVoiced: end, told: total)
        return .voiced(total, at: end)
    }

    private mutating func inSpeech(
        _ probability: Float, _ length: Duration, _ end: Instant, _ voiced: Duration, _ lastVoiced: Instant, _ told: Duration
    ) -> VoiceEvent? {
        guard probability >= settings.off else {
            guard end - lastVoiced >= settings.bridge else { return nil }
            state = .pause(voiced: .zero, lastVoiced: lastVoiced)
            return .silence(since: lastVoiced)
        }
        let total = voiced + length
        let next = settings.milestones.first { $0 > told } ?? told + settings.reminder
        let isDue = total >= next
        state = .speech(voiced: total, lastVoiced: end, told: isDue ? total : told)
        return isDue ? .voiced(total, at: end) : nil
    }

    private mutating func inPause(
        _ probability: Float, _ length: Duration, _ end: Instant, _ voiced: Duration, _ lastVoiced: Instant
    ) -> VoiceEvent? {
        guard probability >= (voiced == .zero ? settings.on : settings.off) else {
            guard voiced > .zero, end - lastVoiced >= settings.bridge else { return nil }
            state = .pause(voiced: .zero, lastVoiced: lastVoiced)
            return .stilled(at: lastVoiced)
        }
        let total = voiced + length
        guard total >= settings.resumption else {
            state = .pause(voiced: total, lastVoiced: end)
            return voiced == .zero ? .stirred(at: end - length) : nil
        }
        state = .speech(voiced: total, lastVoiced: end, told: .zero)
        return .resumed(at: end - total)
    }
}
