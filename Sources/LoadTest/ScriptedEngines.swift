internal import Audio
package import Engines

/// Engines of fixed latency and ready-made answers, so that a load measures what lies between them. Their names tell how long they take.
package enum ScriptedEngines {
    package static let endOfTurnTime = Duration.milliseconds(40)
    package static let recognitionTime = Duration.milliseconds(60)
    /// From a sentence to its first audio; the rest follows at once.
    package static let firstAudioTime = Duration.milliseconds(80)
    /// In the hints of callers of whom no word is to be understood.
    package static let wordless = "load-test: no words"

    /// What the agents of load tests say where an engine fails or nothing is understood.
    package static let lines = ["An engine of this load test has failed.", "No word was understood in this load test."]

    /// Waits at least so long, and at most a step longer: until whole steps since the first wait, so that one wake-up serves several requests.
    static func wait(_ latency: Duration) async throws {
        let due = begin.duration(to: .now) + latency
        let steps = Int(due / step) + 1
        try await Task.sleep(until: begin + step * steps, tolerance: .zero)
    }

    private static let begin = ContinuousClock.now
    private static let step = Duration.milliseconds(5)

    static func name(_ latency: Duration) -> String { "scripted-\(Int(latency / .milliseconds(1)))ms" }

    /// How long an engine of this name takes; nil for one that is not scripted.
    package static func latency(ofEngine name: String) -> Duration? {
        guard name.hasPrefix("scripted-"), name.hasSuffix("ms") else { return nil }
        return Int(name.dropFirst(9).dropLast(2)).map { .milliseconds($0) }
    }

    /// Agents of load tests: they say nothing of their own accord.
    package enum Caller: String, Sendable, CaseIterable {
        /// Is understood and answered.
        case talker = "load-talker"
        /// Is heard, and no word is understood: an agent that only listens.
        case listener = "load-listener"

        /// The agents' one variable: which caller it is, so that the language model's requests can be told apart.
        static let variable = "caller"

        /// The agent's file.
        package var prompt: String {
            """
            ---
            name: Load test
            language: en
            failure_message: "\(ScriptedEngines.lines[0])"
            reprompt: "\(ScriptedEngines.lines[1])"
            limits:
              history_turns: 10
              idle_seconds: 3600
            variables:
              \(Self.variable): somebody
            ---
            You answer {{\(Self.variable)}} in a load test.
            """
        }
    }
}

/// Takes every pause for the end.
package struct ScriptedEndOfTurn: EndOfTurnDetector {
    package let name = ScriptedEngines.name(ScriptedEngines.endOfTurnTime)
    private let faults: ScriptedFaults

    /// - Parameter rate: Share of requests that fail, 0...1.
    package init(failing rate: Double = 0) { faults = ScriptedFaults(rate: rate, name: "end_of_turn") }

    package func probabilityOfEnd(_ sound: HeardSound) async throws -> Float {
        try await faults.strike()
        try await ScriptedEngines.wait(ScriptedEngines.endOfTurnTime)
        return 0.9
    }
}

/// Hears the same sentence in everything; in unfinished utterances as much of it as could have been said by then.
package struct ScriptedRecognizer: Recognizer {
    package let name = ScriptedEngines.name(ScriptedEngines.recognitionTime)
    package let servesPartials = true
    static let words = "Could you please tell me how long the delivery takes and what it costs?".split(separator: " ")

    private let faults: ScriptedFaults

    /// - Parameter rate: Share of requests that fail, 0...1.
    package init(failing rate: Double = 0) { faults = ScriptedFaults(rate: rate, name: "recognizer") }

    package func transcribe(_ request: RecognitionRequest) async throws -> Transcript {
        try await faults.strike()
        try await ScriptedEngines.wait(ScriptedEngines.recognitionTime)
        guard !request.hints.contains(ScriptedEngines.wordless) else { return Transcript(text: "", confidence: 1) }
        let spoken = request.purpose == .final ? Self.words.count : min(Self.words.count, 1 + request.sound.count / 6_400)
        return Transcript(text: Self.words.prefix(spoken).joined(separator: " "), confidence: 0.95)
    }
}

/// Speaks at a fixed pace with a sound that is made once.
package struct ScriptedSynthesizer: Synthesizer {
    package let name = ScriptedEngines.name(ScriptedEngines.firstAudioTime)
    /// How long a word lasts at the voice's own pace.
    package static let wordTime = Duration.milliseconds(350)
    /// Audio of one chunk.
    private static let chunk = Duration.milliseconds(500)
    private let voice = ScriptedVoice.sound
    private let faults: ScriptedFaults

    /// - Parameter rate: Share of requests that fail, 0...1.
    package init(failing rate: Double = 0) { faults = ScriptedFaults(rate: rate, name: "synthesizer") }

    package func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        let fault = faults.next()
        if case .refuses(let error) = fault { throw error }
        if fault == .stalls { try await ScriptedFaults.hang() }
        try await Task.sleep(for: ScriptedEngines.firstAudioTime, tolerance: .zero)
        let texts = request.text.split(separator: " ").map(String.init)
        let length = Self.wordTime / request.pace
        var words = texts.enumerated().map { SpokenWord(text: $1, start: length * $0, end: length * ($0 + 1)) }
        let total = (length * texts.count).samples(at: ScriptedVoice.sampleRate)
        let size = Self.chunk.samples(at: ScriptedVoice.sampleRate)
        for start in stride(from: 0, to: total, by: size) {
            let samples = Self.loop(voice, start..<min(start + size, total))
            try await onChunk(SpeechChunk(audio: PCMAudio(sampleRate: ScriptedVoice.sampleRate, samples: samples), words: words))
            words = []
            if case .breaksOff(let error) = fault { throw error }
        }
    }

    /// What stands at these places of a sound that is played again and again.
    private static func loop(_ sound: [Float], _ places: Range<Int>) -> [Float] {
        var samples: [Float] = []
        samples.reserveCapacity(places.count)
        var place = places.lowerBound
        while place < places.upperBound, !sound.isEmpty {
            let from = place % sound.count
            let count = min(sound.count - from, places.upperBound - place)
            samples += sound[from..<from + count]
            place += count
        }
        return samples
    }
}
