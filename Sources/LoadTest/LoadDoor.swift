internal import Audio
internal import OpusCodec
internal import Wire

/// The protocol that callers speak.
package enum LoadDoor: String, Sendable, CaseIterable {
    /// `parley.v1`, Opus.
    case native
    /// The OpenAI Realtime API, linear samples at 24 kHz.
    case realtime
    /// The same with G.711 mu-law at 8 kHz.
    case realtimePCMU = "realtime-pcmu"
    /// Twilio's media streams, G.711 mu-law at 8 kHz.
    case twilio

    private static let bitrate = 24_000

    /// Where a server has this door, unless it is told otherwise.
    var path: String {
        switch self {
        case .native: "/v1/call"
        case .realtime, .realtimePCMU: "/v1/realtime"
        case .twilio: "/v1/phone/twilio"
        }
    }

    /// What the address asks for.
    func query(agent: String) -> String? {
        switch self {
        case .native, .twilio: nil
        case .realtime, .realtimePCMU: "model=\(agent)"
        }
    }

    /// The packets of a sound, 20 ms each, as far as they are the same whoever sends them and when. What is left at the end is dropped.
    ///
    /// - Parameter audio: ``Utterance/sampleRate``.
    /// - Throws: `OpusError` when there is no memory for an encoder, `AudioError`.
    func encode(_ audio: PCMAudio) throws -> [[UInt8]] {
        switch self {
        case .native:
            var settings = OpusEncoder.Settings(sampleRate: Utterance.sampleRate)
            settings.bitrate = Self.bitrate
            var encoder = try OpusEncoder(settings)
            return try Self.frames(of: audio).map { ClientFrame.packet(try encoder.encode($0)) }
        case .realtime: return try Self.frames(of: audio.resampled(to: 24_000)).map { RealtimeDialect.append(PCM16.bytes($0)) }
        case .realtimePCMU: return try Self.telephone(audio).map { RealtimeDialect.append($0) }
        case .twilio: return try Self.telephone(audio).map { Array(Base64.text($0).utf8) }
        }
    }

    private static func telephone(_ audio: PCMAudio) throws -> [[UInt8]] {
        try frames(of: audio.resampled(to: 8_000)).map { G711.muLaw.encode($0) }
    }

    private static func frames(of audio: PCMAudio) -> [[Float]] {
        let size = audio.sampleRate / 50
        return stride(from: 0, through: audio.samples.count - size, by: size).map { Array(audio.samples[$0..<$0 + size]) }
    }

    /// - Parameters:
    ///   - number: The caller's.
    ///   - isScripted: Whether the agent is one of ``ScriptedEngines``, whose voice takes a known time and who can be told the caller's name.
    func dialect(_ number: Int, agent: String, isScripted: Bool) -> any CallerDialect {
        switch self {
        case .native: NativeDialect(agent: agent)
        case .realtime: RealtimeDialect(name: CallerName.of(number), format: .pcm, isScripted: isScripted)
        case .realtimePCMU: RealtimeDialect(name: CallerName.of(number), format: .muLaw, isScripted: isScripted)
        case .twilio: TwilioDialect(name: CallerName.of(number), agent: agent, isScripted: isScripted)
        }
    }
}

extension SessionReady {
    /// A session of a door that says nothing of it, as it is known to be.
    init(caller: String, agent: String, output: AudioFormat, lead: Duration, isScripted: Bool) {
        self.init(
            session: caller, resumeToken: "", resumed: false, agent: agent, language: "", input: output, output: output,
            limits: SessionLimits(lead: lead),
            engines: isScripted ? ["synthesizer": ScriptedEngines.name(ScriptedEngines.firstAudioTime)] : [:])
    }
}
