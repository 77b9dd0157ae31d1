internal import Dialogue
internal import Engines

extension Scene {
    /// What the recogniser makes of an utterance that ends now. Where nobody is there who knows the language, the words are there as soon as
    /// 300 ms of the labelled speech were heard.
    func transcript(
        of audio: [Float], until now: Duration, purpose: RecognitionRequest.Purpose, by recognizer: any Recognizer
    ) async -> Result<Transcript, EngineError> {
        if let words { return .success(Transcript(text: now >= event.lowerBound + .milliseconds(300) ? words : "")) }
        return await result { try await recognizer.transcribe(RecognitionRequest(audio: audio, language: .english, purpose: purpose)) }
    }
}

/// What the work gave, with any error as an ``EngineError``.
func result<T: Sendable>(_ work: () async throws -> T) async -> Result<T, EngineError> {
    do { return .success(try await work()) } catch let error as EngineError { return .failure(error) } catch {
        return .failure(EngineError(.failed, "\(type(of: error))"))
    }
}
