/// Keeps an utterance with the sound from just before it: the last of what was heard while nothing is to be kept, then everything up to a limit.
///
/// Memory is held in pieces of two sizes, as many as the sound needs: callers who speak for different times share them well. Without an utterance
/// the same small pieces are filled again and again.
package struct UtteranceBuffer: Sendable {
    /// Samples of a piece without and within an utterance: 64 and 512 ms at 16 kHz.
    private static let (smallPiece, largePiece) = (1_024, 8_192)
    /// The oldest first; all full but the last.
    private var pieces: [CompactSound] = []
    /// Small pieces of the utterance before, for what is heard before the next.
    private var spares: [CompactSound] = []
    /// Samples of all pieces.
    private var stored = 0
    /// The last samples of the pieces that count: the utterance, or what came before the next.
    private var count = 0
    package private(set) var isKeeping = false
    /// Samples kept from before an utterance. More of them can be had only of what is heard from then on.
    package var prefix: Int
    private let limit: Int

    /// - Parameters:
    ///   - prefix: Samples kept from before an utterance; at least 1.
    ///   - limit: Most samples of an utterance, prefix included.
    package init(prefix: Int, limit: Int) {
        self.prefix = max(1, prefix)
        self.limit = max(limit, self.prefix)
    }

    /// Whether an utterance takes no more. Kept, so that to ask with each packet does not copy the buffer.
    package private(set) var isFull = false

    /// Takes what was heard. Beyond the limit an utterance takes no more.
    package mutating func append(_ samples: Span<Float>) {
        var place = isKeeping ? 0 : max(0, samples.count - prefix)
        let end = isKeeping ? min(samples.count, max(0, limit - count)) : samples.count
        while place < end {
            if pieces.last?.isFull ?? true { addPiece() }
            let last = pieces.count - 1
            let run = min(end - place, pieces[last].capacity - pieces[last].count)
            pieces[last].append(samples.extracting(place..<place + run))
            stored += run
            count += run
            place += run
        }
        if !isKeeping { count = min(count, prefix) }
        noteFull()
    }

    /// Begins an utterance with what was heard last. Nothing happens if one is being kept.
    ///
    /// - Parameter last: How many of the last samples at most; nil for all that are kept.
    package mutating func begin(last: Int? = nil) {
        guard !isKeeping else { return }
        isKeeping = true
        count = min(count, max(0, last ?? count))
        dropUnused()
        noteFull()
    }

    /// Takes the utterance for none: its end becomes what was heard before the next.
    package mutating func giveBack() {
        guard isKeeping else { return }
        (isKeeping, isFull) = (false, false)
        count = min(count, prefix)
        dropUnused()
    }

    /// Forgets the utterance and frees its memory, but for the small pieces.
    package mutating func clear() {
        guard isKeeping else { return }
        (isKeeping, isFull) = (false, false)
        spares = pieces.filter { $0.capacity == Self.smallPiece }
        pieces.removeAll(keepingCapacity: true)
        (stored, count) = (0, 0)
    }

    /// Samples of the utterance up to now.
    package var length: Int { isKeeping ? count : 0 }

    /// The utterance up to now, -1...1. A copy of the buffer costs nothing, so that a long utterance can be put together elsewhere.
    package var samples: [Float] {
        guard isKeeping else { return [] }
        return [Float](capacity: count) { samples in
            var skipped = stored - count
            for piece in pieces {
                piece.write(from: skipped, to: &samples)
                skipped -= piece.count
            }
        }
    }

    /// While nothing is to be kept, the piece that is not wanted any more is the next.
    private mutating func addPiece() {
        let size = isKeeping ? Self.largePiece : Self.smallPiece
        var spare: CompactSound?
        while !isKeeping, let first = pieces.first, stored - first.count >= prefix { spare = dropFirst() }
        if !isKeeping, spare?.capacity != size { spare = spares.popLast() }
        if var spare, spare.capacity == size {
            spare.removeAll()
            pieces.append(spare)
        } else {
            pieces.append(CompactSound(capacity: size))
        }
    }

    private mutating func noteFull() { isFull = isKeeping && count >= limit }

    private mutating func dropUnused() {
        while pieces.count > 1, stored - pieces[0].count >= count { dropFirst() }
    }

    /// Not the last one, unless that is full.
    @discardableResult private mutating func dropFirst() -> CompactSound {
        let first = pieces.removeFirst()
        stored -= first.count
        return first
    }
}
