import Foundation
import Gateway
import HTTPTestServer
import OpusCodec
import Synchronization
import Wire

/// Sends a caller's sound as a microphone does: a packet of 20 ms every 20 ms, silence where nothing is to be said.
final class Microphone: Sendable {
    private struct State {
        var client: NativeClient
        var waiting: [Float] = []
        var done: TestEvent?
        var sequence: UInt32 = 0
        var dice = Dice()
    }

    private static let rate = 16_000
    private let state: Mutex<State>
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter loss: Share of packets that are not sent, 0...1. Which ones is counted from where something is said, so that the same packets
    ///   of it are lost in every run; and frames of speech are carried twice, as callers on such lines have it.
    init(_ caller: Caller, loss: Double = 0) {
        state = Mutex(State(client: caller.client))
        let sending = Task { [weak self] in
            var settings = OpusEncoder.Settings(sampleRate: Self.rate)
            settings.bitrate = 24_000
            (settings.fec, settings.expectedLoss) = (loss > 0, Int(loss * 100))
            guard var encoder = try? OpusEncoder(settings) else { return }
            let clock = ContinuousClock()
            var due = clock.now
            while !Task.isCancelled {
                guard let self, (try? await self.sendFrame(&encoder, loss)) != nil else { return }
                due += .milliseconds(20)
                guard (try? await clock.sleep(until: due)) != nil else { return }
            }
        }
        task.withLock { $0 = sending }
    }

    deinit { task.withLock { $0?.cancel() } }

    func stop() { task.withLock { $0?.cancel() } }

    /// Says something; returns when its last packet is out. 16 kHz.
    func say(_ samples: [Float]) async {
        let event = TestEvent()
        state.withLock { state in
            state.waiting += samples
            state.dice = Dice()
            state.done = event
        }
        await event.happened()
    }

    private func sendFrame(_ encoder: inout OpusEncoder, _ loss: Double) async throws {
        let (frame, sequence, client, isLost, done) = state.withLock { state in
            let size = encoder.frameSize
            var frame = Array(state.waiting.prefix(size))
            state.waiting.removeFirst(frame.count)
            frame += [Float](repeating: 0, count: size - frame.count)
            let isLost = state.dice.roll() < loss
            defer { state.sequence &+= 1 }
            return (frame, state.sequence, state.client, isLost, state.waiting.isEmpty ? state.done.take() : nil)
        }
        let packet = try encoder.encode(frame)
        if !isLost { try await client.send(AudioPacketHeader(sequence: sequence, time: sequence &* 960), payload: packet) }
        done?.set()
    }

    /// A vowel-like sound whose loudness moves as syllables do; no words, but a voice to any detector by energy.
    static func voice(_ duration: Duration) -> [Float] {
        let count = Int(duration / .milliseconds(1)) * rate / 1000
        return (0..<count).map { index in
            let time = Double(index) / Double(rate)
            let phase = 2 * Double.pi * 130 * time
            var sample = 0.0
            for harmonic in 1...16 { sample += sin(phase * Double(harmonic)) / Double(harmonic) }
            return Float(0.2 * sample * (0.75 + 0.25 * cos(2 * .pi * 4 * time)))
        }
    }
}

/// The same numbers in every run.
private struct Dice {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// 0..<1.
    mutating func roll() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33) / Double(1 << 31)
    }
}
