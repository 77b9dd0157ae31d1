/// Puts the pieces of a caller's audio in order, and fills with silence what never came.
struct MediaOrder {
    enum Piece: Equatable {
        case audio([UInt8])
        /// Milliseconds of it.
        case silence(Int)
    }

    private struct Waiting {
        var time: Int?
        var payload: [UInt8]
    }

    /// Longest gap that is filled, in milliseconds; after a longer one the caller's audio begins anew.
    static let longestGap = 2_000

    private let disorder: Int
    private let bytesPerMillisecond: Int
    private var nextChunk: Int?
    private var nextTime: Int?
    private var waiting: [Int: Waiting] = [:]

    /// - Parameters:
    ///   - disorder: Pieces that may wait for one before them.
    ///   - bytesPerMillisecond: Of the audio.
    init(disorder: Int, bytesPerMillisecond: Int) { (self.disorder, self.bytesPerMillisecond) = (disorder, bytesPerMillisecond) }

    /// Takes the next piece; what comes late or twice is dropped.
    mutating func take(chunk: Int?, time: Int?, payload: [UInt8]) -> [Piece] {
        guard let chunk else { return place(time, payload) }
        guard let next = nextChunk else {
            nextChunk = chunk.addingReportingOverflow(1).partialValue
            return place(time, payload)
        }
        guard chunk >= next else { return [] }
        waiting[chunk] = Waiting(time: time, payload: payload)
        var pieces: [Piece] = []
        while let first = waiting.keys.min(), first == nextChunk || waiting.count > disorder {
            nextChunk = first.addingReportingOverflow(1).partialValue
            guard let piece = waiting.removeValue(forKey: first) else { break }
            pieces += place(piece.time, piece.payload)
        }
        return pieces
    }

    private mutating func place(_ time: Int?, _ payload: [UInt8]) -> [Piece] {
        guard let time, (0...Int(Int32.max)).contains(time) else { return [.audio(payload)] }
        let gap = time - (nextTime ?? time)
        nextTime = max(time + payload.count / bytesPerMillisecond, nextTime ?? 0)
        // Clocks of carriers waver by some milliseconds.
        guard gap >= 20, gap <= Self.longestGap else { return [.audio(payload)] }
        return [.silence(gap), .audio(payload)]
    }
}
