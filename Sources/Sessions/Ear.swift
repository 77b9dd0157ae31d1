package import Audio
package import Engines
package import OpusCodec
package import Turns
package import Wire

/// What one caller says, from packets to voice events. Confined to its owner; allocates nothing while nobody speaks.
///
/// A packet is decoded, cut into detector windows and judged at once, so that an event is known in the same call in which
/// the packet arrived; or, where the owner has others to be judged together with it (``isPatient``), when the owner says so.
package final class Ear {
    private var decoder: OpusStreamDecoder
    private var input: AudioFormat
    private var codec: AudioFormat.Codec { input.codec }
    /// Whether everything is kept until it is taken, and no voice is looked for.
    private var isGathering = false
    private var resampler: Resampler?
    private var linear: [Float] = []
    package let detector: any VoiceDetector
    private var gate: VoiceGate
    private var slicer: WindowSlicer
    /// Whether a window that a packet fills is left to be judged by ``judge()`` or ``judged(_:)``, before anything else is asked of this ear.
    package var isPatient = false
    /// The last whole window; to be judged where ``isWaiting``.
    package private(set) var window = [Float](repeating: 0, count: VoiceDetection.windowSamples)
    /// When the window ended that waits to be judged.
    private var windowEnd: Instant?
    /// The utterance so far with what came before it, 16 kHz.
    package private(set) var utterance: UtteranceBuffer
    /// The same, to be put together by whoever is asked about it.
    package var sound: HeardSound { HeardSound(count: utterance.length) { [utterance] in utterance.samples } }
    /// Nil where the agent's own voice is not looked for.
    private var echo: EchoGuard?
    private let longestPrefix: Int
    private var prefix: Int
    private var voiced: Float
    private var gateSettings: VoiceGate.Settings
    /// How long the guard has held back a voice that no echo is known to explain: it belongs to the utterance that begins after all.
    private var heldBack = Duration.zero
    private var heldBackGap = Duration.zero
    private static let longestHeldBack = Duration.milliseconds(600)
    private static let mostHeldBack = longestHeldBack.samples(at: VoiceDetection.sampleRate)
    private static let heldBackBridge = Duration.milliseconds(128)
    private var meter = BandMeter(sampleRate: VoiceDetection.sampleRate)
    /// Media time that may be filled in: grows with time, shrinks with what is heard, so that gaps cannot cost more than time itself.
    private var credit = Ear.creditLimit
    private static let creditLimit = Duration.seconds(3)
    private static let windowDuration = Duration.milliseconds(32)
    /// How long packets may go by undecoded at a time, so that a voice that the sender's encoder does not find is heard all the same.
    private static let longestRest = Duration.seconds(2)
    /// What the decoder needs to be itself again after a rest.
    private static let warmUp = Duration.milliseconds(60)
    private var rest = Duration.zero
    /// A voice without packets for this long is gone: soon if the sender's encoder had found its end, for then nothing is sent on purpose; later if
    /// packets stopped in mid-word, for then the line is slow and they may still come. No encoder sends nothing before 200 ms of silence.
    private static let (shortStall, longStall) = (Duration.milliseconds(300), Duration.seconds(1))
    private static let quiet = Duration.milliseconds(160).samples(at: OpusPacket.clockRate)

    /// What the last call found, in order; to be taken by the owner.
    package private(set) var events: [VoiceEvent] = []
    /// The utterance reached its longest in the last call.
    package private(set) var isUtteranceFull = false
    /// How many decibels the last window was louder than the agent's echo in it can be; nil where none is expected or known.
    package var echoExcess: Float? { echo?.excess }
    /// The echo's delay against what the server sends, and its mean level against it in decibels; nil where none was found.
    package var knownEcho: (delay: Duration, coupling: Float)? { echo?.known }
    package private(set) var lastPacket = Instant.zero
    package private(set) var corruptPackets = 0
    /// Packets of formats that are not decoded.
    private var rawPackets = 0
    /// Called with each window's probability, as it was taken after the agent's echo was discounted; for recordings.
    package var onWindow: ((Float) -> Void)?

    /// - Parameters:
    ///   - phase: Samples of silence that the first window begins with, so that sessions begun together do not decide together; 0..<512.
    ///   - space: Where packets are decoded to; shared by the ears of one thread.
    /// - Throws: `OpusError` for a rate that Opus does not have, `AudioError` for one that cannot be resampled.
    package init(plan: CallPlan, detector: any VoiceDetector, phase: Int = 0, space: DecodingSpace = DecodingSpace()) throws {
        input = plan.input
        decoder = try OpusStreamDecoder(
            sampleRate: VoiceDetection.sampleRate, space: space, backlog: (plan.prefix + Self.warmUp).samples(at: OpusPacket.clockRate))
        resampler = try Self.resampler(of: plan.input)
        self.detector = detector
        gate = VoiceGate(plan.gate)
        echo = plan.echo.isOn ? EchoGuard(plan.echo) : nil
        slicer = WindowSlicer(size: VoiceDetection.windowSamples, filled: phase)
        let rate = VoiceDetection.sampleRate
        longestPrefix = plan.prefix.samples(at: rate)
        prefix = longestPrefix
        (voiced, gateSettings) = (plan.gate.on, plan.gate)
        utterance = UtteranceBuffer(prefix: longestPrefix, limit: plan.limits.utterance.samples(at: rate))
    }

    private static func resampler(of format: AudioFormat) throws -> Resampler? {
        guard format.codec != .opus, format.sampleRate != VoiceDetection.sampleRate else { return nil }
        return try Resampler(from: format.sampleRate, to: VoiceDetection.sampleRate)
    }

    package var counters: OpusStreamDecoder.Counters {
        var counters = decoder.counters
        counters.received += rawPackets
        return counters
    }
    /// Whether the caller is taken to be speaking.
    package var isVoiced: Bool { gate.isVoiced }

    /// Takes one packet.
    ///
    /// - Returns: Whether ``events`` or ``isUtteranceFull`` hold something.
    package func hear(_ header: AudioPacketHeader, payload: Span<UInt8>, at now: Instant) -> Bool {
        credit = min(Self.creditLimit, credit + (now - lastPacket))
        lastPacket = now
        if !events.isEmpty { events.removeAll(keepingCapacity: true) }
        let wasFull = utterance.isFull
        if rests(header, payload) {
            isUtteranceFull = false
            return false
        }
        catchUp()
        switch codec {
        case .opus:
            do {
                let count = try decoder.decode(sequence: header.sequence, time: header.time, packet: payload, longestGap: longestGap) { samples in
                    listen(samples, at: now)
                }
                credit -= Self.length(count)
            } catch { corruptPackets += 1 }
        case .pcm16, .muLaw, .aLaw:
            rawPackets += 1
            linear.removeAll(keepingCapacity: true)
            codec.append(samplesOf: payload, to: &linear)
            if resampler != nil, let out = resampler?.process(linear) { linear = out }
            listen(linear.span, at: now)
        }
        if !isPatient { judge() }
        isUtteranceFull = utterance.isFull && !wasFull
        return !events.isEmpty || isUtteranceFull
    }

    // MARK: rest

    /// Keeps a packet undecoded where nobody speaks, and neither Parley's detector nor the sender's encoder finds anything that sounds like it.
    private func rests(_ header: AudioPacketHeader, _ payload: Span<UInt8>) -> Bool {
        guard codec == .opus, !utterance.isKeeping, windowEnd == nil, echo?.isAwake != true, heldBack == .zero, rest < Self.longestRest,
            detector.resting != nil,
            let samples = decoder.postpone(sequence: header.sequence, time: header.time, packet: payload, longestGap: longestGap)
        else { return false }
        credit -= Self.length(samples)
        rest += Self.length(samples)
        return true
    }

    /// Ticks of a gap that may be filled, at most.
    private var longestGap: Int { max(0, credit.samples(at: OpusPacket.clockRate)) }

    private static func length(_ samples: Int) -> Duration { .microseconds(samples * 1_000_000 / VoiceDetection.sampleRate) }

    /// Decodes what was left undecoded. It holds no voice, so it is kept for an utterance that begins and not judged: a recorded call, all of which
    /// is decoded in its time, comes to the same events.
    package func catchUp() {
        guard decoder.isBehind else { return }
        rest = .zero
        let known = detector.resting ?? 0
        utterance.prefix = longestPrefix
        var hasWindow = false
        corruptPackets += decoder.catchUp(
            skip: { samples in
                for _ in 0..<slicer.skip(samples) { onWindow?(known) }
            },
            into: { (samples: Span<Float>) in
                utterance.append(samples)
                var index = 0
                while slicer.fill(from: samples, at: &index) {
                    slicer.exchange(&window)
                    hasWindow = true
                    onWindow?(known)
                }
            })
        let last = window
        if hasWindow { detector.rested(through: last.span) }
    }

    /// Whether a window waits to be judged; ``events`` may then become more.
    package var isWaiting: Bool { windowEnd != nil }

    /// Judges the window that waits, if one does.
    package func judge() {
        if windowEnd != nil { judged(detector.probability(of: window.span)) }
    }

    /// Takes what the detector says of the window that waits.
    package func judged(_ said: Float) {
        guard let end = windowEnd else { return }
        windowEnd = nil
        var probability = said
        if echo != nil {
            let judged = echo?.judge(probability) ?? probability
            noteHeldBack(probability, judged)
            probability = judged
        }
        onWindow?(probability)
        if let event = gate.handle(probability: probability, length: Self.windowDuration, endingAt: end) { note(event) }
    }

    /// Takes note of what the agent plays, so that its echo is not taken for the caller.
    package func note(_ playing: AgentSound, at now: Instant) {
        catchUp()
        switch playing {
        case .plays(let frames, let sounds): echo?.plays(frames, sounds: sounds.sinceStart, now: now.sinceStart)
        case .stops: echo?.stops(at: now.sinceStart)
        }
    }

    /// Packets come over another connection from now on, under numbers of its own.
    package func connectionChanged() {
        catchUp()
        decoder.reset()
    }

    /// How long until it is worth a look whether the voice is gone because packets no longer come.
    ///
    /// - Returns: Zero if it is gone, which ``audioStopped(at:)`` is to be told; nil if there is no voice.
    package func stallWait(at now: Instant) -> Duration? {
        guard isVoiced else { return nil }
        let stall = codec == .opus && decoder.quietTicks >= Self.quiet ? Self.shortStall : Self.longStall
        return max(.zero, min(stall - (now - lastPacket), Self.shortStall))
    }

    /// Tells the gate that no audio comes any more.
    ///
    /// - Returns: Whether ``events`` hold something.
    package func audioStopped(at now: Instant) -> Bool {
        events.removeAll(keepingCapacity: true)
        isUtteranceFull = false
        if let event = gate.audioStopped(at: now) { note(event) }
        return !events.isEmpty
    }

    /// Hears otherwise from now on. A format that cannot be heard changes nothing.
    ///
    /// - Returns: Whether ``events`` hold something.
    package func change(_ listening: Listening, at now: Instant) -> Bool {
        catchUp()
        let isNewGate = listening.gate != gateSettings || listening.isGathering != isGathering
        let hasEvents = isNewGate && audioStopped(at: now)
        if listening.input != input, let resampler = try? Self.resampler(of: listening.input) {
            (self.resampler, input) = (resampler, listening.input)
        } else if listening.input.codec == .opus || listening.input.sampleRate == VoiceDetection.sampleRate {
            (resampler, input) = (nil, listening.input)
        }
        prefix = min(longestPrefix, listening.prefix.samples(at: VoiceDetection.sampleRate))
        guard isNewGate else { return false }
        (voiced, gateSettings, gate) = (listening.gate.on, listening.gate, VoiceGate(listening.gate))
        if listening.isGathering != isGathering {
            isGathering = listening.isGathering
            utterance.clear()
            if isGathering { utterance.begin(last: 0) }
        }
        return hasEvents
    }

    /// Forgets the utterance; the next voice is an onset of its own.
    package func dropUtterance() {
        if isGathering {
            utterance.clear()
            return utterance.begin(last: 0)
        }
        gate.endTurn()
        if heldBack > .zero { utterance.giveBack() } else { utterance.clear() }
        if gate.isVoiced { utterance.begin(last: prefix) }
    }

    private func listen(_ samples: Span<Float>, at now: Instant) {
        let mayHoldBack = echo?.isAwake == true || heldBack > .zero
        utterance.prefix = longestPrefix + (mayHoldBack ? Self.mostHeldBack : 0)
        utterance.append(samples)
        guard !isGathering else { return }
        var index = 0
        var measured = 0
        while slicer.fill(from: samples, at: &index) {
            judge()
            measure(samples.extracting(measured..<index), at: now)
            measured = index
            slicer.exchange(&window)
            windowEnd = now - Self.length(samples.count - index)
            // While the agent speaks, each window may be the one that interrupts it.
            if echo?.isAwake != true, let known = detector.glance(at: window.span) { judged(known) }
        }
        measure(samples.extracting(measured..<samples.count), at: now)
    }

    private func noteHeldBack(_ probability: Float, _ judged: Float) {
        heldBackGap = probability >= voiced ? .zero : heldBackGap + Self.windowDuration
        if heldBackGap > Self.heldBackBridge {
            heldBack = .zero
        } else if heldBack > .zero || probability >= voiced && judged < voiced {
            heldBack += Self.windowDuration
        }
    }

    /// What is held back for an echo that is well known is taken for that; before, it may be the caller's first words.
    private func beginUtterance() {
        let extra = echo?.isSure == true ? .zero : min(heldBack, Self.longestHeldBack)
        utterance.begin(last: prefix + extra.samples(at: VoiceDetection.sampleRate))
        heldBack = .zero
    }

    private func measure(_ samples: Span<Float>, at now: Instant) {
        guard echo?.isAwake == true else { return }
        meter.measure(samples) { echo?.hears($0, now: now.sinceStart) }
    }

    private func note(_ event: VoiceEvent) {
        events.append(event)
        switch event {
        case .onset: beginUtterance()
        case .falseOnset: utterance.giveBack()
        case .likely, .voiced, .silence, .stirred, .stilled, .resumed: break
        }
    }
}

extension AudioFormat.Codec {
    /// Appends what bytes of any codec but Opus are in samples, -1...1.
    func append(samplesOf bytes: Span<UInt8>, to samples: inout [Float]) {
        switch self {
        case .muLaw: G711.muLaw.append(bytes, to: &samples)
        case .aLaw: G711.aLaw.append(bytes, to: &samples)
        case .pcm16, .opus: PCM16.append(bytes, to: &samples)
        }
    }
}
