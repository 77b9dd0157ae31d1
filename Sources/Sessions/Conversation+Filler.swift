internal import Dialogue
internal import Engines
internal import Turns

extension Conversation {
    /// Says one of the agent's fillers ahead of a reply of which nothing is there yet.
    mutating func fill(_ token: Token) {
        guard var current = reply, current.token == token, current.sentences.isEmpty, current.waiting.isEmpty, !current.isTextComplete,
            !plan.fillers.isEmpty
        else { return }
        let text = plan.fillers[fillersSaid % plan.fillers.count]
        let spoken = ear.spoken(text)
        guard !spoken.isEmpty else { return }
        fillersSaid += 1
        current.sentences.append(Reply.Sentence(text: text, start: .zero, isFiller: true))
        current.speaking = 0
        reply = current
        let speech = SpeechRequest(text: spoken, language: plan.language, voice: plan.voice, pace: plan.pace, isStock: true)
        effects.append(.speak(token, sentence: 0, speech))
    }
}

extension Reply {
    /// Sentences of the answer itself.
    var hasOwnSentences: Bool { sentences.contains { !$0.isFiller } }

    /// Where the filler's sound ends and the answer begins; zero without one. While no answer is there, everything is the filler's.
    var fillerEnd: Duration {
        guard sentences.first?.isFiller == true else { return .zero }
        return sentences.count > 1 ? sentences[1].start : playout.queued
    }

    /// The answer has come: what is left of the filler is dropped, but for the word that is being said.
    mutating func cutFiller() {
        guard let filler = sentences.first, filler.isFiller, sentences.count == 1 else { return }
        let sent = playout.sentUntil
        guard sent > .zero else { return playout.dropWaiting(from: .zero) }
        let end = filler.words.first { $0.end >= sent }?.end ?? sent
        playout.dropWaiting(from: max(sent, end))
    }
}
