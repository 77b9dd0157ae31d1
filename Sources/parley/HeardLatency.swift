import Audio

/// Reads from the sound itself how long a caller waited.
enum HeardLatency {
    /// Level above which 20 ms count as sound, in dBFS.
    private static let floor: Float = -45

    /// From the last sound of a clip to the first sound of the agent after it.
    ///
    /// - Parameters:
    ///   - tick: Where in the call the clip began, in ticks of 20 ms.
    ///   - length: Ticks of the clip.
    ///   - until: Where the next clip begins; a sound after that is no answer to this one.
    static func after(_ tick: Int, of length: Int, until: Int?, in tracks: (caller: [Float], agent: [Float])) -> Duration? {
        let caller = levels(tracks.caller, frame: 320)
        let agent = levels(tracks.agent, frame: 480)
        let end = min(tick + length + 2, caller.count)
        guard tick < end, let last = (tick..<end).last(where: { caller[$0] > floor }) else { return nil }
        let sounds = agent.indices.dropFirst(last + 1).prefix { $0 < until ?? agent.count }
        guard let first = sounds.first(where: { agent[$0] > floor }) else { return nil }
        return .milliseconds(20 * (first - last - 1))
    }

    private static func levels(_ samples: [Float], frame: Int) -> [Float] {
        stride(from: 0, to: samples.count - samples.count % frame, by: frame).map { Loudness.rms(Array(samples[$0..<$0 + frame])) }
    }
}
