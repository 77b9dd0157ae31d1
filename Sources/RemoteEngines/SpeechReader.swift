internal import Audio
internal import Engines

/// Bytes of s16le mono in, samples out, however the bytes are cut. A WAV header in front is read and skipped.
struct SpeechReader: Sendable {
    /// Samples a second of what comes: the rate given, or the WAV header's.
    private(set) var sampleRate: Int
    /// What one piece holds at least: 20 ms.
    private var pieceBytes: Int { sampleRate / 50 * 2 }
    private var waiting: [UInt8] = []
    private var isHeaderRead = false

    init(sampleRate: Int) { self.sampleRate = sampleRate }

    /// The samples that are there, none if that is less than one piece.
    mutating func take(_ bytes: [UInt8]) throws(RemoteFailure) -> [Float] {
        waiting += bytes
        guard try readHeader(), waiting.count >= pieceBytes else { return [] }
        return drain()
    }

    /// The rest, however short. An odd last byte is half a sample and left out.
    mutating func finish() throws(RemoteFailure) -> [Float] {
        guard try readHeader() || !waiting.starts(with: "RIFF".utf8) else {
            throw RemoteFailure(.badAnswer, "a WAV header that does not end")
        }
        return drain()
    }

    private mutating func drain() -> [Float] {
        let odd = waiting.count % 2 == 1 ? waiting.removeLast() : nil
        defer { waiting = odd.map { [$0] } ?? [] }
        return PCM16.floats(bytes: waiting)
    }

    /// False as long as it is not known whether there is a header, or where it ends.
    private mutating func readHeader() throws(RemoteFailure) -> Bool {
        if isHeaderRead { return true }
        guard waiting.count >= 4 else { return false }
        guard waiting.starts(with: "RIFF".utf8) else {
            isHeaderRead = true
            return true
        }
        guard waiting.count <= 64 * 1024 else { throw RemoteFailure(.badAnswer, "a WAV header that does not end") }
        var at = 12
        while at + 8 <= waiting.count {
            let (name, size) = (waiting[at..<(at + 4)], number(at + 4, 4))
            if name.elementsEqual("data".utf8) {
                waiting.removeFirst(at + 8)
                isHeaderRead = true
                return true
            }
            if name.elementsEqual("fmt ".utf8) {
                guard at + 24 <= waiting.count else { return false }
                let rate = number(at + 12, 4)
                guard number(at + 10, 2) == 1, number(at + 22, 2) == 16, (8000...192_000).contains(rate) else {
                    throw RemoteFailure(.badAnswer, "a WAV that is not 16-bit mono")
                }
                sampleRate = rate
            }
            at += 8 + size + size % 2
        }
        return false
    }

    private func number(_ at: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(waiting[at + $1]) << (8 * $1) }
    }
}
