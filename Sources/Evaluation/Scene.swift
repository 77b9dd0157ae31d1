internal import Audio

/// What one caller's microphone hears in one scene, and what is known about it.
package struct Scene: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A turn and the silence after it.
        case endOfTurn = "end-of-turn"
        /// Speech into an agent's reply.
        case bargeIn = "barge-in"
        /// A sound that is no interruption, into an agent's reply.
        case falseInterruption = "false-interruption"
    }

    package var id: String
    package var kind: Kind
    package var category: String
    /// 16 kHz mono.
    package var samples: [Float]
    /// The labelled speech, or the sound, on the scene's clock.
    package var event: Range<Duration>
    /// Whether times may be measured from the event's beginning, and a wait from its end.
    package var hasSureOnset = true
    package var hasSureEnd: Bool
    /// What the agent says meanwhile; empty: it answers turns only.
    package var reply: String
    /// What is said, where it is not English and so beyond the recogniser; nil: the recogniser is asked.
    package var words: String?
    /// What the microphone returns of the reply beside ``samples``; nil where the agent's voice has no sound of its own.
    package var echo: EchoReturn?

    package init(
        id: String, kind: Kind, category: String, samples: [Float], event: Range<Duration>, hasSureEnd: Bool = true, reply: String = "",
        words: String? = nil
    ) {
        self.words = words
        (self.id, self.kind, self.category, self.samples) = (id, kind, category, samples)
        (self.event, self.hasSureEnd, self.reply) = (event, hasSureEnd, reply)
    }

    package static let sampleRate = 16_000
    /// When the agent is asked for its reply.
    package static let replyAsked = Duration.milliseconds(100)
    /// From when on an interruption may be drawn: the reply has been audible for a while by then.
    static let earliest = Duration.milliseconds(2000)
    static let latest = Duration.milliseconds(6000)
    static let lead = Duration.milliseconds(500)
    static let tail = Duration.seconds(4)

    package var duration: Duration { .microseconds(samples.count * 1_000_000 / Self.sampleRate) }
}

/// Makes scenes of clips; the same seed gives the same scenes, each independent of which others are made.
package struct SceneComposer: Sendable {
    package let seed: UInt64

    package init(seed: UInt64 = 1) { self.seed = seed }

    /// The clip between half a second and four seconds of its own background; nil where no speech is labelled.
    package func endOfTurn(_ clip: Clip) -> Scene? {
        guard let speech = clip.speech else { return nil }
        return Scene(
            id: clip.id, kind: .endOfTurn, category: clip.category, samples: placed(clip, at: Scene.lead, tail: Scene.tail),
            event: shifted(speech, by: Scene.lead), hasSureEnd: clip.hasSureOffset, words: clip.foreignWords)
    }

    /// The clip's speech begins at a drawn moment of a reply; nil where no speech is labelled.
    package func bargeIn(_ clip: Clip) -> Scene? {
        guard let speech = clip.speech else { return nil }
        // What sounds long before the speech may stop the reply before it.
        let start = max(.zero, speech.lowerBound - .milliseconds(150))
        var piece = clip.cut(start..<clip.audio.duration, category: clip.category)
        (piece.id, piece.foreignWords) = (clip.id, clip.foreignWords)
        var scene = intoReply(piece, speech.lowerBound - start..<speech.upperBound - start, .bargeIn)
        scene.hasSureOnset = clip.hasSureOnset
        return scene
    }

    /// The clip's sound begins at a drawn moment of a reply.
    package func falseInterruption(_ clip: Clip) -> Scene? { clip.audio.samples.isEmpty ? nil : intoReply(clip, clip.sound, .falseInterruption) }

    /// Single short utterances of a conversation with nobody else's speech near them: most are assents ("yeah", "mm-hm").
    package static func backchannels(in clip: Clip) -> [Clip] {
        let margin = Duration.milliseconds(300)
        let speakers = clip.labels.filter { $0.text.hasPrefix("spk:") }.map(\.span)
        return speakers.filter { span in
            let room = span.lowerBound - margin..<span.upperBound + margin
            return span.upperBound - span.lowerBound <= .milliseconds(700) && room.lowerBound >= .zero && room.upperBound <= clip.audio.duration
                && speakers.allSatisfy { $0 == span || !$0.overlaps(room) }
        }.map { span in
            var piece = clip.cut(span.lowerBound - margin..<span.upperBound + margin, category: "backchannel")
            piece.labels = [Clip.Label(margin..<margin + (span.upperBound - span.lowerBound), "speech")]
            return piece
        }
    }

    /// What a microphone hears of the loudspeaker before its owner speaks; nil where that is less than a second.
    package static func echoAlone(of clip: Clip) -> Clip? {
        guard let playing = clip.labels.first(where: { $0.text == "bot-playing" })?.span else { return clip }
        let end = clip.speechSpans.map { $0.lowerBound - .milliseconds(200) }.min() ?? playing.upperBound
        let span = playing.lowerBound..<max(playing.lowerBound, min(playing.upperBound, end))
        guard span.upperBound - span.lowerBound >= .seconds(1) else { return nil }
        var piece = clip.cut(span, category: clip.category)
        piece.labels = []
        return piece
    }

    private func intoReply(_ clip: Clip, _ event: Range<Duration>, _ kind: Scene.Kind) -> Scene {
        var generator = SeededGenerator(seed, "when:\(kind.rawValue):\(clip.id)")
        let earliest = Int(Scene.earliest / .milliseconds(1)), latest = Int(Scene.latest / .milliseconds(1))
        let at = Duration.milliseconds(Int.random(in: earliest...latest, using: &generator))
        let place = max(Scene.lead, at - event.lowerBound)
        let shifted = shifted(event, by: place)
        return Scene(
            id: clip.id, kind: kind, category: clip.category, samples: placed(clip, at: place, tail: Scene.tail), event: shifted,
            reply: ScriptedReply.text(atLeast: max(.seconds(8), shifted.upperBound + Scene.tail)), words: clip.foreignWords)
    }

    private func placed(_ clip: Clip, at place: Duration, tail: Duration) -> [Float] {
        var generator = SeededGenerator(seed, "background:\(clip.id)")
        let background = Background(of: clip.audio.samples, sampleRate: Scene.sampleRate, voices: clip.voices, using: &generator)
        return background.around(
            clip.audio.samples, before: place.samples(at: Scene.sampleRate), after: tail.samples(at: Scene.sampleRate), using: &generator)
    }

    private func shifted(_ span: Range<Duration>, by offset: Duration) -> Range<Duration> { span.lowerBound + offset..<span.upperBound + offset }
}
