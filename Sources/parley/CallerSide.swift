import Audio
import OpusCodec
import Synchronization
import Wire

/// A caller's microphone and loudspeaker: what is said and heard in each 20 ms, on one clock.
///
/// The loudspeaker plays what came, a packet a tick, holds and drops as the server says, and knows what was heard of each reply.
final class CallerSide: Sendable {
    static let inputRate = 16_000
    static let outputRate = 24_000
    private static let inputFrame = 320
    private static let outputFrame = 480
    /// Packets that must be there before a reply begins to play.
    private static let jitterPackets = 2

    private struct State {
        var microphone: [Float] = []
        var position = 0
        var spoken: [Float] = []
        var heard: [Float] = []
        var queue: [(epoch: UInt16, sequence: UInt32, samples: [Float])] = []
        var isHeld = false
        /// Whether the last 20 ms sounded at full level, so that stopping or starting there needs a fade.
        var isLoud = false
        var isPlaying = false
        var epoch: UInt16 = 0
        var played: [UInt16: Int] = [:]
        var flushed = -1
        /// Ticks in which the agent sounded since everything was said.
        var soundTicks = 0
    }

    private let state = Mutex(State())

    /// Puts audio into the microphone's queue.
    func say(_ audio: PCMAudio) {
        state.withLock { state in
            state.microphone.removeFirst(state.position)
            state.position = 0
            state.microphone += audio.samples
        }
    }

    /// Whether everything was said.
    var isSilent: Bool { state.withLock { $0.position >= $0.microphone.count } }
    /// How long the agent has sounded since everything was said.
    var agentSound: Duration { .milliseconds(20 * state.withLock { $0.soundTicks }) }
    /// Ticks so far.
    var ticks: Int { state.withLock { $0.spoken.count / Self.inputFrame } }
    var tracks: (caller: [Float], agent: [Float]) { state.withLock { ($0.spoken, $0.heard) } }

    /// The next 20 ms: what to send.
    func tick() -> [Float] {
        state.withLock { state in
            let frame = speak(&state)
            state.spoken += frame
            state.heard += play(&state)
            return frame
        }
    }

    /// The next 20 ms of a microphone whose loudspeaker is elsewhere: what was said and heard is told by ``note(said:heard:)``.
    func speak() -> [Float] { state.withLock { speak(&$0) } }

    /// Keeps 20 ms.
    func note(said: [Float], heard: [Float]) {
        state.withLock { state in
            state.spoken += said
            state.heard += heard
            if Loudness.rms(heard) > -50 { state.soundTicks += 1 }
        }
    }

    private func speak(_ state: inout State) -> [Float] {
        var frame = [Float](repeating: 0, count: Self.inputFrame)
        let count = min(Self.inputFrame, state.microphone.count - state.position)
        guard count > 0 else { return frame }
        frame.replaceSubrange(0..<count, with: state.microphone[state.position..<state.position + count])
        state.position += count
        state.soundTicks = 0
        return frame
    }

    private func play(_ state: inout State) -> [Float] {
        let silence = [Float](repeating: 0, count: Self.outputFrame)
        guard !state.isHeld, let next = state.queue.first else {
            defer { state.isLoud = false }
            // Held in mid-word: fades out over what comes next, which is kept and fades in again when the reply goes on.
            if state.isHeld, state.isLoud, let next = state.queue.first { return Self.faded(next.samples, from: 1, to: 0) }
            if state.queue.isEmpty { state.isPlaying = false }
            return silence
        }
        if !state.isPlaying {
            guard state.queue.count >= Self.jitterPackets else { return silence }
            state.isPlaying = true
        }
        state.queue.removeFirst()
        state.epoch = next.epoch
        state.played[next.epoch, default: 0] += 20
        if Loudness.rms(next.samples) > -50 { state.soundTicks += 1 }
        defer { state.isLoud = true }
        return state.isLoud ? next.samples : Self.faded(next.samples, from: 0, to: 1)
    }

    private static func faded(_ samples: [Float], from start: Float, to end: Float) -> [Float] {
        var (samples, fade) = (samples, Fade(from: start, to: end, length: samples.count))
        fade.apply(to: &samples)
        return samples
    }

    /// Takes one decoded packet of a reply.
    func receive(_ samples: [Float], epoch: UInt16, sequence: UInt32) {
        state.withLock { if Int(epoch) > $0.flushed { $0.queue.append((epoch, sequence, samples)) } }
    }

    func hold() { state.withLock { $0.isHeld = true } }

    /// Goes on with what comes from a packet on, which sounds at a place of the reply; what is there before it is dropped.
    func resume(_ epoch: UInt16, at milliseconds: Int, from sequence: UInt32) {
        state.withLock { state in
            state.queue.removeAll { $0.epoch == epoch && Int32(bitPattern: $0.sequence &- sequence) < 0 }
            state.played[epoch] = milliseconds
            state.isHeld = false
        }
    }

    /// Drops what is left of a reply.
    ///
    /// - Returns: Milliseconds of it that were heard.
    func flush(_ epoch: UInt16) -> Int {
        state.withLock { state in
            state.queue.removeAll { $0.epoch <= epoch }
            state.flushed = max(state.flushed, Int(epoch))
            state.isHeld = false
            state.isLoud = false
            return state.played[epoch] ?? 0
        }
    }

    /// The reply that plays and how much of it was heard, in milliseconds.
    var playout: (epoch: UInt16, milliseconds: Int)? {
        state.withLock { state in state.isPlaying ? (state.epoch, state.played[state.epoch] ?? 0) : nil }
    }
}
