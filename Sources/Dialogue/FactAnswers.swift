/// Answers a caller from an agent's facts and from nothing else: it finds and says what is written, asks back, or says that it
/// does not know. It needs no model.
///
/// A fact with the title `Otherwise` is what is said where nothing fits: its paragraphs in turn.
package struct FactAnswers: Sendable {
    /// The title of the fact that is said where nothing fits.
    package static let otherwise = "otherwise"

    private static let least = 0.42
    private static let sure = 0.6
    private static let close = 0.9

    private let facts: [Fact]
    private let fallback: [String]
    private let index: FactIndex
    private let phrases: FactPhrases
    private let language: Language
    private let name: String

    /// - Parameter agentName: What it calls itself.
    package init(facts: [Fact], language: Language, agentName: String) {
        self.facts = facts.filter { $0.title.lowercased() != Self.otherwise }
        let other = facts.first { $0.title.lowercased() == Self.otherwise }
        fallback = other.map { Self.paragraphs($0.answer) } ?? []
        index = FactIndex(facts: self.facts, language: language)
        phrases = FactPhrases(chinese: language == .chinese)
        (self.language, name) = (language, agentName)
    }

    /// The answer to the caller's last message in the light of those before; never empty, and the same for the same messages.
    package func answer(to messages: [ChatMessage]) -> String {
        let said = messages.filter(Self.isSaid)
        guard let question = said.last(where: { $0.role == .user })?.content, !History.trimmed(question).isEmpty else {
            return phrases.answer(to: .hello, name: name, titles: [], last: nil)
        }
        let turn = said.count { $0.role == .user }
        let before = said.last { $0.role == .assistant }.map { whole($0.content) }
        if let before, phrases.isAskBack(before), let chosen = chosen(by: question, among: before) { return text(of: chosen) }
        if let talk = phrases.talk(in: question), fallback.isEmpty || (talk != .yes && talk != .no) {
            return phrases.answer(to: talk, name: name, titles: topics(turn), last: before)
        }
        let hits = index.hits(for: question)
        let topic = lastTopic(said)
        if let topic, let answer = followUp(question, on: topic) { return answer }
        guard let best = hits.first, best.score >= Self.least else {
            return fallback.isEmpty ? phrases.unknown(topics(turn, near: hits)) : fallback[(turn - 1) % fallback.count]
        }
        let rivals = hits.dropFirst().prefix(2).filter { $0.score >= best.score * Self.close }
        if best.score < 0.95, !rivals.isEmpty {
            // What was just spoken of is meant rather than another.
            if let topic, best.fact == topic || rivals.contains(where: { $0.fact == topic }) { return text(of: topic) }
            return phrases.doYouMean(([best] + rivals).map { facts[$0.fact].title })
        }
        return text(of: best.fact)
    }

    /// Whether a message is speech: no instruction, no call of a tool or its result, no note in brackets.
    private static func isSaid(_ message: ChatMessage) -> Bool {
        switch message.role {
        case .system, .tool: false
        case .assistant: !message.content.isEmpty
        case .user: !message.content.hasPrefix("[")
        }
    }

    private func text(of fact: Int) -> String { Self.paragraphs(facts[fact].answer).reduce("") { History.join($0, $1) } }

    private static func paragraphs(_ answer: String) -> [String] {
        answer.split(separator: "\n").map { History.trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    /// A few titles to offer: what is nearest, else others each time; talking to a person always among them.
    private func topics(_ turn: Int, near: [FactIndex.Hit] = []) -> [String] {
        let marks = language == .chinese ? ["人工"] : ["person", "human", "agent", "colleague"]
        let person = facts.last { fact in marks.contains { fact.title.lowercased().contains($0) } }?.title
        let others = facts.map(\.title).filter { $0 != person }
        guard !others.isEmpty else { return person.map { [$0] } ?? [] }
        let start = (turn - 1) * 2 % others.count
        let count = min(person == nil ? 3 : 2, others.count)
        let nearest = near.prefix(3).filter { $0.score >= 0.1 }.map { facts[$0.fact].title }.filter { $0 != person }
        let rest = (0..<others.count).map { others[(start + $0) % others.count] }.filter { !nearest.contains($0) }
        return (nearest + rest).prefix(count) + (person.map { [$0] } ?? [])
    }

    /// The fact that the caller chose of those in a question back; nil: the question is a new one.
    private func chosen(by question: String, among before: String) -> Int? {
        let places = facts.indices.compactMap { fact in before.place(of: facts[fact].title).map { (fact: fact, place: $0) } }
        let options = places.sorted { $0.place < $1.place }.map(\.fact)
        if let place = phrases.place(in: question, of: options.count) { return options[place] }
        let hits = index.hits(for: question)
        guard let best = hits.first(where: { options.contains($0.fact) }), best.score > 0.15 else { return nil }
        if let top = hits.first, top.fact != best.fact, top.score >= Self.sure { return nil }
        let rivals = hits.filter { options.contains($0.fact) && $0.fact != best.fact && $0.score >= best.score * 0.97 }
        return rivals.isEmpty ? best.fact : nil
    }

    private func followUp(_ question: String, on topic: Int) -> String? {
        guard index.terms(of: question) == 0 else { return nil }
        guard let aspect = phrases.aspect(of: question) else { return phrases.leansBack(question) ? text(of: topic) : nil }
        var splitter = SentenceSplitter(limits: .init(firstClause: nil, firstWideClause: nil))
        let answer = text(of: topic)
        let sentences = splitter.append(answer) + splitter.finish()
        let fitting = sentences.filter { phrases.speaks($0, of: aspect) }
        guard !fitting.isEmpty else { return phrases.noDetail(facts[topic].title) }
        return fitting.reduce("") { History.join($0, $1) }
    }

    /// What the agent last said a fact, or a part of one, about.
    private func lastTopic(_ said: [ChatMessage]) -> Int? {
        for message in said.reversed() where message.role == .assistant {
            let spoken = Self.withoutMark(message.content)
            guard spoken.unicodeScalars.count >= 4 else { continue }
            if let found = facts.indices.first(where: { isSame(spoken, as: text(of: $0)) }) { return found }
        }
        return nil
    }

    private func isSame(_ spoken: String, as answer: String) -> Bool {
        answer.contains(spoken) || spoken.contains(answer) || (spoken.count > 12 && answer.hasPrefix(String(spoken.prefix(24))))
    }

    private static func withoutMark(_ text: String) -> String {
        let cut = text.place(of: "[").map { String(text.unicodeScalars.prefix($0)) } ?? text
        var scalars = Array(cut.unicodeScalars)
        while let last = scalars.last, last == "…" || last.isBlank { scalars.removeLast() }
        return scalars.text
    }

    /// A message of the agent in full, where only a part of a fact was heard.
    private func whole(_ message: String) -> String {
        let spoken = Self.withoutMark(message)
        guard spoken != message else { return message }
        return facts.indices.first { text(of: $0).hasPrefix(spoken) && !spoken.isEmpty }.map(text) ?? spoken
    }
}

extension String {
    /// Where a text begins in this one, in scalars; nil where it does not occur.
    fileprivate func place(of text: String) -> Int? {
        let own = Array(unicodeScalars)
        let other = Array(text.unicodeScalars)
        guard !other.isEmpty, own.count >= other.count else { return nil }
        return (0...(own.count - other.count)).first { own[$0...].starts(with: other) }
    }
}
