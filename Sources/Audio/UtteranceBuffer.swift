/// Keeps an utterance with the sound from just before it: a ring while nothing is to be kept, then everything up to a limit.
package struct UtteranceBuffer: Sendable {
    private var ring: [Int16]
    private var head = 0
    private var ringCount = 0
    private var kept: [Int16] = []
    package private(set) var isKeeping = false
    private let limit: Int

    /// - Parameters:
    ///   - prefix: Samples kept from before an utterance; at least 1.
    ///   - limit: Most samples of an utterance, prefix included.
    package init(prefix: Int, limit: Int) {
        ring = [Int16](repeating: 0, count: max(1, prefix))
        self.limit = max(limit, ring.count)
    }

    /// Samples of the utterance. Kept beside them: the array is not touched for each packet that asks whether it is full.
    package private(set) var count = 0
    package var isFull: Bool { count >= limit }

    /// Takes what was heard. Beyond the limit an utterance takes no more.
    package mutating func append(_ samples: Span<Float>) {
        if isKeeping {
            let taken = min(samples.count, limit - kept.count)
            let start = kept.count
            kept.append(contentsOf: repeatElement(0, count: taken))
            var into = kept.mutableSpan
            for index in 0..<taken { into[start + index] = PCM16.sample(samples[index]) }
            count += taken
            return
        }
        var place = max(0, samples.count - ring.count)
        while place < samples.count {
            let run = min(samples.count - place, ring.count - head)
            let head = head
            var into = ring.mutableSpan
            for offset in 0..<run { into[head + offset] = PCM16.sample(samples[place + offset]) }
            self.head = head + run == ring.count ? 0 : head + run
            place += run
        }
        ringCount = min(ring.count, ringCount + samples.count)
    }

    /// Begins an utterance with what is in the ring. Nothing happens if one is being kept.
    ///
    /// - Parameter last: How many of the last samples at most; nil for all.
    package mutating func begin(last: Int? = nil) {
        guard !isKeeping else { return }
        isKeeping = true
        count = min(ringCount, max(0, last ?? ringCount))
        kept.reserveCapacity(count + 32_000)
        let start = (ringCount < ring.count ? 0 : head) + ringCount - count
        for offset in 0..<count { kept.append(ring[(start + offset) % ring.count]) }
        (head, ringCount) = (0, 0)
    }

    /// Takes the utterance for none: its end becomes what was heard before the next.
    package mutating func giveBack() {
        guard isKeeping else { return }
        let last = kept.suffix(ring.count)
        for (index, sample) in last.enumerated() { ring[index] = sample }
        (head, ringCount) = (last.count == ring.count ? 0 : last.count, last.count)
        clear()
    }

    /// Forgets the utterance and frees its memory.
    package mutating func clear() {
        isKeeping = false
        (kept, count) = ([], 0)
    }

    /// The utterance up to now. Shares storage, so that taking it costs nothing here; ``PCM16/floats(_:)`` makes it -1...1.
    package var samples: [Int16] { kept }
}
