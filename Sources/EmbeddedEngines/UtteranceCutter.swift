import CSpeech

/// Cuts an utterance that is too long for the recogniser where the caller is quietest.
struct UtteranceCutter: Sendable {
    /// Most samples a piece has.
    var longest: Int
    /// Samples before which a piece is not cut.
    var shortest: Int

    /// Ranges that cover the samples, in order.
    func pieces(of samples: [Float]) -> [Range<Int>] {
        guard samples.count > longest else { return [0..<samples.count] }
        let hop = 320
        var energies = [Float](repeating: 0, count: samples.count / hop)
        pcm_energies(samples, samples.count, hop, &energies)
        var pieces: [Range<Int>] = []
        var start = 0
        while samples.count - start > longest {
            // A rest of a second is no piece of its own: then this one ends earlier.
            let last = min(start + longest, samples.count - shortest / 2)
            let cut = quietest(energies, from: (start + shortest) / hop, to: last / hop) * hop
            let end = max(start + hop, cut)
            pieces.append(start..<end)
            start = end
        }
        pieces.append(start..<samples.count)
        return pieces
    }

    /// The middle of the quietest 200 ms; among equals the latest.
    private func quietest(_ energies: [Float], from first: Int, to last: Int) -> Int {
        let width = 10
        guard last - first > width else { return last }
        var best = (energy: Float.infinity, frame: last)
        for frame in first..<(last - width) {
            let energy = energies[frame..<frame + width].reduce(0, +)
            if energy <= best.energy { best = (energy, frame + width / 2) }
        }
        return best.frame
    }
}
