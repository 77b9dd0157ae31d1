import Audio
import Dialogue
import Engines
import Synchronization
import Testing

@testable import LoadTest

@Suite(.timeLimit(.minutes(1))) struct ScriptedEnginesTests {
    @Test func namesTellTheLatency() {
        #expect(ScriptedEngines.latency(ofEngine: ScriptedSynthesizer().name) == ScriptedEngines.firstAudioTime)
        #expect(ScriptedEngines.latency(ofEngine: ScriptedRecognizer().name) == ScriptedEngines.recognitionTime)
        #expect(ScriptedEngines.latency(ofEngine: "piper") == nil)
        #expect(ScriptedEngines.latency(ofEngine: "scripted-ms") == nil)
    }

    @Test func unfinishedUtterancesGiveTheBeginningOfTheSentence() async throws {
        let recognizer = ScriptedRecognizer()
        let audio = [Float](repeating: 0, count: 16_000)
        let final = try await recognizer.transcribe(RecognitionRequest(audio: audio, language: .english, purpose: .final))
        let partial = try await recognizer.transcribe(RecognitionRequest(audio: audio, language: .english, purpose: .partial))
        #expect(final.text.hasPrefix(partial.text) && partial.text.count < final.text.count && !partial.text.isEmpty)
        let deaf = RecognitionRequest(audio: audio, language: .english, purpose: .final, hints: [ScriptedEngines.wordless])
        #expect(try await recognizer.transcribe(deaf).text.isEmpty)
    }

    @Test func speechLastsAsLongAsItsWords() async throws {
        let spoken = Mutex((samples: 0, words: [SpokenWord]()))
        try await ScriptedSynthesizer().speak(SpeechRequest(text: "One two three.", language: .english)) { chunk in
            spoken.withLock { spoken in
                spoken.samples += chunk.audio.samples.count
                spoken.words += chunk.words
            }
        }
        let (samples, words) = spoken.withLock { $0 }
        #expect(samples == 3 * 24_000 * 350 / 1000)
        #expect(words.map(\.text) == ["One", "two", "three."])
        #expect(words.last?.end == ScriptedSynthesizer.wordTime * 3)
    }

    @Test func theVoiceIsAsLoudAsSpeech() {
        let power = ScriptedVoice.sound.reduce(0) { $0 + $1 * $1 } / Float(ScriptedVoice.sound.count)
        #expect(power.squareRoot() > 0.02)
        #expect(ScriptedVoice.sound.allSatisfy { abs($0) < 1 })
    }

    @Test(arguments: ScriptedEngines.Caller.allCases) func everyAgentOfALoadCanBeRead(caller: ScriptedEngines.Caller) throws {
        let prompt = try PromptFile.parse(caller.prompt, file: caller.rawValue)
        #expect(prompt.variables.allSatisfy { $0.value != nil })
        #expect(try prompt.rendered(variables: ["caller": "caller-7"]).instructions.contains("You answer caller-7 in a load test."))
    }
}
