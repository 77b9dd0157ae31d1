package import Engines
import Foundation

/// What a Piper voice says of itself in its `.onnx.json`: its rate, its temper, and the numbers of its sounds.
package struct PiperVoice: Sendable {
    /// One number of the network's input, and what it stands for.
    struct Symbol: Sendable, Equatable {
        var id: Int64
        /// The word it belongs to; nil for the start, the end, spaces and punctuation.
        var word: Int?
        /// How long it sounds compared to others, as far as can be guessed without the network.
        var weight: Float
    }

    private struct File: Decodable {
        struct Audio: Decodable { var sample_rate: Int }
        struct Inference: Decodable { var noise_scale, length_scale, noise_w: Float? }
        var audio: Audio
        var inference: Inference?
        var phoneme_id_map: [String: [Int64]]
    }

    /// Hertz.
    package let sampleRate: Int
    /// Noise, length and noise of length.
    let scales: (noise: Float, length: Float, lengthNoise: Float)
    private let ids: [Unicode.Scalar: [Int64]]
    private let begin: [Int64]
    private let end: [Int64]
    private let blank: [Int64]

    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it describes no voice.
    package init(path: String) throws(EngineError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw EngineError(.unavailable, "\(path): cannot be read") }
        guard let file = try? JSONDecoder().decode(File.self, from: data), 8000...96_000 ~= file.audio.sample_rate,
            let begin = file.phoneme_id_map["^"], let end = file.phoneme_id_map["$"], let blank = file.phoneme_id_map["_"]
        else { throw EngineError(.failed, "\(path): describes no Piper voice") }
        sampleRate = file.audio.sample_rate
        scales = (file.inference?.noise_scale ?? 0.667, file.inference?.length_scale ?? 1, file.inference?.noise_w ?? 0.8)
        (self.begin, self.end, self.blank) = (begin, end, blank)
        var ids: [Unicode.Scalar: [Int64]] = [:]
        for (key, value) in file.phoneme_id_map where key.unicodeScalars.count == 1 { key.unicodeScalars.first.map { ids[$0] = value } }
        self.ids = ids
    }

    /// The network's input: start, then each sound the voice knows followed by a blank, then end. Sounds it does not know are left out.
    func symbols(of pronunciation: Pronunciation) -> [Symbol] {
        var symbols = (begin + blank).map { Symbol(id: $0, word: nil, weight: 2.5) }
        for sound in pronunciation.sounds {
            guard let own = ids[sound.scalar] else { continue }
            let weights = Self.weights(of: sound.scalar)
            symbols += own.map { Symbol(id: $0, word: sound.word, weight: weights.own) }
            symbols += blank.map { Symbol(id: $0, word: sound.word, weight: weights.blank) }
        }
        return symbols + end.map { Symbol(id: $0, word: nil, weight: 2.5) }
    }

    /// Mean frames of a sound and of the blank after it, as an English voice of medium quality speaks them.
    private static func weights(of scalar: Unicode.Scalar) -> (own: Float, blank: Float) {
        switch scalar {
        case ".", "?", "!": (3, 5)
        case ",": (4, 10)
        case ";", ":": (4, 6)
        case "ˈ": (2.5, 3)
        default: (2, 2)
        }
    }
}
