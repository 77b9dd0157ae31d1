internal import Audio
internal import Dialogue
internal import Engines
internal import Synchronization
internal import Wire

/// Speech that many calls hear, such as greetings and fillers, synthesized and encoded once. Safe from any thread.
///
/// Each phrase is encoded from a fresh state, so that a decoder may take it up after any other that ended in silence.
package final class PhraseCache: Sendable {
    struct Key: Hashable, Sendable {
        let text: String
        let language: String
        let voice: String?
        let pace: Double
        let format: AudioFormat
        let encoding: ReplyEncoding
        let pause: Duration

        init(_ request: SpeechRequest, format: AudioFormat, encoding: ReplyEncoding, pause: Duration) {
            (text, language, voice, pace) = (request.text, request.language.rawValue, request.voice, request.pace)
            (self.format, self.encoding, self.pause) = (format, encoding, pause)
        }
    }

    struct Phrase: Sendable {
        var packets: [[UInt8]] = []
        var levels: [BandLevels] = []
        var words: [SpokenWord] = []
        var duration = Duration.zero

        var bytes: Int { packets.reduce(0) { $0 + $1.count + 32 } + levels.count * 32 + words.count * 64 }
    }

    private struct Kept {
        var phrase: Phrase
        var used: UInt64
    }

    private struct Shelf {
        var phrases: [Key: Kept] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    private let limit: Int
    private let shelf = Mutex(Shelf())

    /// - Parameter limit: Most bytes of all phrases; those that were asked for longest ago are dropped first. 0 keeps none.
    package init(limit: Int = 16 << 20) { self.limit = limit }

    subscript(key: Key) -> Phrase? {
        shelf.withLock { shelf in
            shelf.uses += 1
            shelf.phrases[key]?.used = shelf.uses
            return shelf.phrases[key]?.phrase
        }
    }

    func keep(_ phrase: Phrase, for key: Key) {
        let bytes = phrase.bytes
        guard bytes <= limit else { return }
        shelf.withLock { shelf in
            shelf.uses += 1
            shelf.bytes += bytes - (shelf.phrases[key]?.phrase.bytes ?? 0)
            shelf.phrases[key] = Kept(phrase: phrase, used: shelf.uses)
            while shelf.bytes > limit, let oldest = shelf.phrases.min(by: { $0.value.used < $1.value.used }) {
                shelf.bytes -= oldest.value.phrase.bytes
                shelf.phrases.removeValue(forKey: oldest.key)
            }
        }
    }
}

/// A phrase on its way to the shelf, piece by piece.
final class PhraseDraft: Sendable {
    private let key: PhraseCache.Key
    private let cache: PhraseCache
    private let phrase = Mutex(PhraseCache.Phrase())

    init(key: PhraseCache.Key, cache: PhraseCache) { (self.key, self.cache) = (key, cache) }

    func add(_ packets: [[UInt8]], _ levels: [BandLevels], _ words: [SpokenWord]) {
        phrase.withLock { phrase in
            phrase.packets += packets
            phrase.levels += levels
            phrase.words += words
        }
    }

    /// The phrase is whole.
    func keep(_ duration: Duration) {
        var phrase = phrase.withLock { $0 }
        phrase.duration = duration
        cache.keep(phrase, for: key)
    }
}
