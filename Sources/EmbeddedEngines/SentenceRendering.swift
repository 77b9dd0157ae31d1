import Audio
import CSpeech
import Engines

/// One sentence on its way from sounds to audio; a value that a thread of the pool takes a step further.
struct SentenceRendering: Sendable {
    /// Silence that may stand before and after the sentence, in seconds.
    static let lead = 0.03
    static let tail = 0.2
    /// Seconds over which it comes and goes.
    static let fade = 0.005

    /// Samples made so far.
    private(set) var samples = 0
    private let model: PiperModel
    private let words: [String]
    private let symbols: [PiperVoice.Symbol]
    private let latent: PiperModel.Latent
    private var plan: ChunkPlan
    /// Samples of silence left out at the start.
    private var skipped = 0

    /// - Throws: ``EngineError``, or `CancellationError` once the job is cancelled.
    init(_ sentence: Pronunciation, pace: Double, model: PiperModel, stop: OnnxStop) throws {
        self.model = model
        words = sentence.words
        symbols = model.voice.symbols(of: sentence)
        latent = try model.encode(symbols, pace: pace, stop: stop)
        plan = ChunkPlan(frames: latent.frames)
    }

    var isDone: Bool { plan.isDone }

    /// The next audio, with the times of all words when it is the first; nil at the end.
    ///
    /// - Parameter offset: What has been said before this sentence, in samples.
    mutating func next(offset: Int, stop: OnnxStop) throws -> SpeechChunk? {
        while let frames = plan.next() {
            var audio = try model.decode(latent, frames: frames, stop: stop)
            pcm_amplify(&audio, audio.count, model.gain)
            let isFirst = samples == 0
            let sound = SpeechLevel.sound(in: audio)
            var silence = 0
            if isFirst {
                guard sound != nil || plan.isDone else {
                    skipped += audio.count
                    continue
                }
                silence = max(0, (sound?.lowerBound ?? 0) - count(Self.lead))
                audio.removeFirst(silence)
                skipped += silence
                let edge = min(count(Self.fade), audio.count)
                pcm_fade(&audio, edge, 0, 1)
            }
            if plan.isDone {
                let end = (sound?.upperBound ?? silence) - silence
                audio.removeLast(max(0, audio.count - end - count(Self.tail)))
                let edge = min(count(Self.fade), audio.count)
                audio.withUnsafeMutableBufferPointer { buffer in
                    if let start = buffer.baseAddress { pcm_fade(start + buffer.count - edge, edge, 1, 0) }
                }
            }
            let times = isFirst ? spokenWords(offset: offset) : []
            samples += audio.count
            return SpeechChunk(audio: PCMAudio(sampleRate: model.voice.sampleRate, samples: audio), words: times)
        }
        return nil
    }

    private func spokenWords(offset: Int) -> [SpokenWord] {
        let times = WordTimes.frames(words: words.count, symbols: symbols, durations: latent.durations, frames: latent.frames)
        func time(_ frame: Float) -> Duration {
            let sample = max(0, Double(frame) * Double(PiperModel.samplesPerFrame) - Double(skipped)) + Double(offset)
            return .microseconds(Int64(sample * 1_000_000 / Double(model.voice.sampleRate)))
        }
        return zip(words, times).map { SpokenWord(text: $0, start: time($1.start), end: time($1.end)) }
    }

    private func count(_ seconds: Double) -> Int { Int(seconds * Double(model.voice.sampleRate)) }
}
