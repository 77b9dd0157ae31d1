import CSpeech

/// The silence a recogniser wants around speech: a word at the very edge of the audio is misheard, and so is one with much digital silence around it.
struct SpeechPadding: Sendable {
    /// Samples of quiet there must be before and after.
    var before = 1600
    var after = 3200
    /// Samples there must be in all.
    var least = 8000

    /// The samples, with as much silence added as is missing.
    func padded(_ samples: [Float]) -> [Float] {
        let hop = 160
        var energies = [Float](repeating: 0, count: samples.count / hop)
        pcm_energies(samples, samples.count, hop, &energies)
        // 30 dB below the loudest 10 ms is quiet.
        let quiet = (energies.max() ?? 0) / 1000
        let first = energies.firstIndex { $0 > quiet } ?? 0
        let last = energies.lastIndex { $0 > quiet } ?? energies.count
        let lead = max(0, before - first * hop)
        let tail = max(0, after - max(0, samples.count - (last + 1) * hop), least - lead - samples.count)
        return [Float](repeating: 0, count: lead) + samples + [Float](repeating: 0, count: tail)
    }
}
