package import Engines

/// The engines that answer calls, each shared by all sessions.
package struct EngineSet: Sendable {
    package var voice: any VoiceDetectorMaker
    /// Nil: the silence alone decides.
    package var endOfTurn: (any EndOfTurnDetector)?
    package var recognizer: any Recognizer
    package var languageModel: any LanguageModel
    package var synthesizer: any Synthesizer
    /// Longest time for one sentence's speech to begin and to go on.
    package var speechLimit: Duration

    package init(
        voice: any VoiceDetectorMaker, endOfTurn: (any EndOfTurnDetector)?, recognizer: any Recognizer,
        languageModel: any LanguageModel, synthesizer: any Synthesizer, speechLimit: Duration = .seconds(20)
    ) {
        (self.voice, self.endOfTurn, self.recognizer) = (voice, endOfTurn, recognizer)
        (self.languageModel, self.synthesizer, self.speechLimit) = (languageModel, synthesizer, speechLimit)
    }

    /// Which engine does what, for the client and the call's record.
    package var names: [String: String] {
        [
            "voice_detector": voice.name, "end_of_turn": endOfTurn?.name ?? "none", "recognizer": recognizer.name,
            "language_model": languageModel.name, "synthesizer": synthesizer.name,
        ]
    }
}
