internal import Audio
internal import Engines
internal import OpusCodec

/// A scene as the server gets it: Opus packets of 20 ms, what they decode to, and the voice detector's probability for each window.
struct SceneSound: Sendable {
    static let packetDuration = Duration.milliseconds(20)
    static let windowDuration = Duration.milliseconds(32)

    let packets: [[UInt8]]
    /// What the decoder made of them.
    let decoded: [Float]
    let probabilities: [Float]
    /// Samples of silence that the first window begins with.
    let phase: Int
    /// By how much what is decoded lags behind what was encoded.
    let lag: Duration

    /// When a packet is there: its last sample has been captured. The network's time is not counted.
    static func arrival(_ index: Int) -> Duration { packetDuration * (index + 1) }

    /// When a window's last sample sounded, by the decoder's clock.
    func windowEnd(_ index: Int) -> Duration { .microseconds(((index + 1) * VoiceDetection.windowSamples - phase) * 1_000_000 / Scene.sampleRate) }

    /// When a window is known: with the packet that brings its last sample.
    func windowKnown(_ index: Int) -> Duration {
        let end = (index + 1) * VoiceDetection.windowSamples - phase
        let size = Scene.sampleRate / 50
        return Self.arrival((end + size - 1) / size - 1)
    }

    /// - Throws: `OpusError` when there is no memory for a codec.
    init(_ scene: Scene, phase: Int, bitrate: Int, voice: any VoiceDetectorMaker) throws {
        var settings = OpusEncoder.Settings(sampleRate: Scene.sampleRate)
        settings.bitrate = bitrate
        var encoder = try OpusEncoder(settings)
        var decoder = try OpusStreamDecoder(sampleRate: VoiceDetection.sampleRate)
        var slicer = WindowSlicer(size: VoiceDetection.windowSamples, filled: phase)
        let detector = voice.makeDetector()
        var packets: [[UInt8]] = []
        var decoded: [Float] = []
        var probabilities: [Float] = []
        let size = encoder.frameSize
        let samples = EchoMicrophone.uninterrupted(scene, begins: SceneComposer.replySounds, network: EngineLatencies().network)
        decoded.reserveCapacity(samples.count)
        for start in stride(from: 0, through: samples.count - size, by: size) {
            let packet = try encoder.encode(Array(samples[start..<start + size]))
            let number = UInt32(packets.count)
            try decoder.decode(sequence: number, time: number &* 960, packet: packet.span) { samples in
                decoded.append(contentsOf: samples.indices.map { samples[$0] })
                var index = 0
                while slicer.fill(from: samples, at: &index) { probabilities.append(detector.judge(slicer.window.span)) }
            }
            packets.append(packet)
        }
        (self.packets, self.decoded, self.probabilities, self.phase) = (packets, decoded, probabilities, phase)
        lag = .microseconds(encoder.lookahead * 1_000_000 / Scene.sampleRate)
    }

    /// What was heard between two moments, as far as it was there.
    func audio(from start: Duration, to end: Duration) -> [Float] {
        let from = max(0, start.samples(at: Scene.sampleRate))
        let to = min(decoded.count, end.samples(at: Scene.sampleRate))
        return from < to ? Array(decoded[from..<to]) : []
    }
}

/// The caller's encoder where packets are made one by one as a scene goes on: 20 ms at 16 kHz.
final class FrameEncoder {
    private var encoder: OpusEncoder

    /// - Throws: `OpusError` when there is no memory for it.
    init(bitrate: Int) throws {
        var settings = OpusEncoder.Settings(sampleRate: Scene.sampleRate)
        settings.bitrate = bitrate
        encoder = try OpusEncoder(settings)
    }

    func encode(_ frame: [Float]) throws -> [UInt8] { try encoder.encode(frame) }
}
