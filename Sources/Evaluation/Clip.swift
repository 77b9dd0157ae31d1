package import Audio

/// One labelled recording.
package struct Clip: Sendable {
    /// A stretch with a name: `speech`, `turn`, `spk:A`, `cough`, ...
    package struct Label: Sendable, Equatable {
        package var span: Range<Duration>
        package var text: String

        package init(_ span: Range<Duration>, _ text: String) { (self.span, self.text) = (span, text) }
    }

    package var id: String
    package var category: String
    /// 16 kHz mono.
    package var audio: PCMAudio
    /// Where the first speech begins and the last ends; nil where the manifest does not say.
    package var onset, offset: Duration?
    /// How far the labellers were apart about each; nil for labels by hand.
    package var onsetSpread, offsetSpread: Duration?
    package var labels: [Label]
    /// What is said, where that is in another language than English.
    package var foreignWords: String?

    package init(
        id: String, category: String, audio: PCMAudio, onset: Duration? = nil, offset: Duration? = nil, onsetSpread: Duration? = nil,
        offsetSpread: Duration? = nil, labels: [Label] = [], foreignWords: String? = nil
    ) {
        self.foreignWords = foreignWords
        (self.id, self.category, self.audio, self.onset, self.offset) = (id, category, audio, onset, offset)
        (self.onsetSpread, self.offsetSpread, self.labels) = (onsetSpread, offsetSpread, labels)
    }

    /// From the first speech to the last, by the manifest, else by the labels.
    package var speech: Range<Duration>? {
        let spans = labels.filter { $0.text == "turn" || Self.isSpeech($0.text) }.map(\.span)
        guard let start = onset ?? spans.map(\.lowerBound).min(), let end = offset ?? spans.map(\.upperBound).max(), start < end else { return nil }
        return start..<end
    }

    /// From the first sound that has a label to the last; the whole recording where nothing has one.
    package var sound: Range<Duration> {
        guard let start = labels.map(\.span.lowerBound).min(), let end = labels.map(\.span.upperBound).max(), start < end else {
            return .zero..<audio.duration
        }
        return start..<end
    }

    /// How far labellers may be apart where times are measured from what they say.
    private static let agreement = Duration.milliseconds(100)

    /// Whether the beginning of speech is known well enough to measure times from it.
    package var hasSureOnset: Bool { speech != nil && (onsetSpread ?? .zero) <= Self.agreement }

    /// Whether the end of speech is known well enough to measure a wait from it: the labellers agree, and the recording goes on.
    package var hasSureOffset: Bool {
        guard let speech else { return false }
        return (offsetSpread ?? .zero) <= Self.agreement && speech.upperBound + .milliseconds(50) <= audio.duration
    }

    /// Stretches labelled as speech, by hand or not.
    package var speechSpans: [Range<Duration>] { labels.filter { Self.isSpeech($0.text) }.map(\.span) }

    /// Where a voice is to be heard, in samples: what is labelled as speech, word or sound of a voice; all the speech where nothing is.
    package var voices: [Range<Int>] {
        let spans = labels.filter { label in !Self.lasting.contains { label.text.hasPrefix($0) } }.map(\.span)
        return (spans.isEmpty ? [speech].compactMap(\.self) : spans).map {
            $0.lowerBound.samples(at: audio.sampleRate)..<$0.upperBound.samples(at: audio.sampleRate)
        }
    }

    /// Labels of what is no voice, and of stretches that hold pauses as well.
    private static let lasting = ["turn", "utt", "noise", "nonspeech", "bot-playing", "echo"]

    private static func isSpeech(_ text: String) -> Bool { text == "speech" || text == "speech-auto" }

    /// A piece of it with the labels that lie inside.
    package func cut(_ span: Range<Duration>, category: String) -> Clip {
        let rate = audio.sampleRate
        let start = max(0, span.lowerBound.samples(at: rate))
        let end = min(audio.samples.count, span.upperBound.samples(at: rate))
        let inside = labels.filter { $0.span.lowerBound >= span.lowerBound && $0.span.upperBound <= span.upperBound }
        return Clip(
            id: "\(id)@\(Int(span.lowerBound / .milliseconds(1)))", category: category,
            audio: PCMAudio(sampleRate: rate, samples: start < end ? Array(audio.samples[start..<end]) : []),
            labels: inside.map { Label($0.span.lowerBound - span.lowerBound..<$0.span.upperBound - span.lowerBound, $0.text) })
    }
}
