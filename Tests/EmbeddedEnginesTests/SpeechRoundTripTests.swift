import Audio
import Dialogue
import Engines
import Foundation
import Synchronization
import Testing

@testable import EmbeddedEngines

/// The synthesiser speaks and the recogniser writes it down.
@Suite(.enabled(if: InstalledModels.areThere && SharedClips.soxIsThere, InstalledModels.missing))
struct SpeechRoundTripTests {
    private static let sentences = [
        "Thank you for calling, how can I help you today?", "Your parcel was sent this morning and should arrive tomorrow.",
        "I have found your booking for the fourth of July.", "Would you like me to change the delivery address?",
        "The nearest office is open from nine in the morning until six in the evening.", "I am sorry, that product is out of stock at the moment.",
        "Please tell me the last four letters of your name.", "We can refund the full amount within five working days.",
        "Could you say that again a little more slowly?", "Is there anything else I can do for you?",
    ]

    @Test(.timeLimit(.minutes(1)), arguments: PhonemizerTests.names) func whatIsSaidIsHeard(name: String) async throws {
        let phonemizer = try #require(PhonemizerTests.installed.first { $0.name == name })
        let synthesizer = try InstalledModels.synthesizer(phonemizer)
        let recognizer = try InstalledModels.recognizer()
        var errors = WordErrors()
        for sentence in Self.sentences.prefix(name == PhonemizerTests.names.first ? 10 : 6) {
            let samples = Mutex<[Float]>([])
            try await synthesizer.speak(SpeechRequest(text: sentence, language: .english)) { chunk in
                samples.withLock { $0 += chunk.audio.samples }
            }
            let audio = try SharedClips.resampled(samples.withLock { $0 }, from: 22_050)
            let heard = try await recognizer.transcribe(RecognitionRequest(audio: audio, language: .english, purpose: .final))
            errors.add(said: sentence, heard: heard.text)
        }
        print("round trip by \(name): \(errors)")
        #expect(errors.words > 50)
        #expect(errors.rate < 0.10)
    }
}
