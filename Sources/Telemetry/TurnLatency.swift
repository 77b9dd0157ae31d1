/// Where one turn's time went. A stage that ran beside another counts only what it added, so the parts add up to ``total``.
package struct TurnLatency: Sendable, Equatable {
    package var endpointing: Duration
    package var recognition: Duration
    package var firstToken: Duration
    package var firstSentence: Duration
    package var firstAudio: Duration
    package var playoutStart: Duration

    package init(
        endpointing: Duration, recognition: Duration, firstToken: Duration, firstSentence: Duration, firstAudio: Duration,
        playoutStart: Duration
    ) {
        (self.endpointing, self.recognition, self.firstToken) = (endpointing, recognition, firstToken)
        (self.firstSentence, self.firstAudio, self.playoutStart) = (firstSentence, firstAudio, playoutStart)
    }

    /// From the caller's last voiced sound to the first packet of the reply.
    package var total: Duration { endpointing + recognition + firstToken + firstSentence + firstAudio + playoutStart }

    /// The parts in the order of time, then their sum.
    var stages: [Duration] { [endpointing, recognition, firstToken, firstSentence, firstAudio, playoutStart, total] }
}
