package import Engines

/// The engines that judge the recordings. They are asked for real; only the time they take is ``EngineLatencies``.
package struct EvaluationEngines: Sendable {
    package var voice: any VoiceDetectorMaker
    package var endOfTurn: any EndOfTurnDetector
    package var recognizer: any Recognizer

    package init(voice: any VoiceDetectorMaker, endOfTurn: any EndOfTurnDetector, recognizer: any Recognizer) {
        (self.voice, self.endOfTurn, self.recognizer) = (voice, endOfTurn, recognizer)
    }
}

/// How long the engines take in virtual time, the same for every policy.
package struct EngineLatencies: Sendable, Equatable {
    package var endOfTurn = Duration.milliseconds(60)
    package var recognition = Duration.milliseconds(40)
    /// Of the audio's length, on top.
    package var recognitionShare = 0.02
    package var firstToken = Duration.milliseconds(100)
    package var firstAudio = Duration.milliseconds(90)
    /// From the server to the client, and as much back.
    package var network = Duration.milliseconds(20)
    /// What the client keeps before it begins to play.
    package var clientBuffer = Duration.milliseconds(60)

    package init() {}

    func recognition(of audio: Duration) -> Duration { recognition + .microseconds(Int(audio / .microseconds(1) * recognitionShare)) }

    /// From a commit to the first packet of its reply.
    var reply: Duration { firstToken + firstAudio }

    /// In one line, for the head of a report.
    package var text: String {
        func ms(_ duration: Duration) -> String { "\(Int(duration / .milliseconds(1))) ms" }
        return "end-of-turn model \(ms(endOfTurn)), recognition \(ms(recognition)) + \(Int(recognitionShare * 100)) % of the audio, first token "
            + "\(ms(firstToken)), first audio \(ms(firstAudio)), network \(ms(network)) each way to the client, client buffer \(ms(clientBuffer)), "
            + "packets known when their last sample was captured"
    }
}
