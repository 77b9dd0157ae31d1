/// A word of patience when an answer is slow.
extension TurnMachine {
    /// Asks for the timer after which something is said while the answer is awaited. Never for two answers in a row.
    mutating func startFiller() -> (token: Token?, actions: [TurnAction]) {
        defer { hasFilled = false }
        guard let delay = settings.filler, !hasFilled else { return (nil, []) }
        let filler = token()
        return (filler, [.startTimer(filler, after: delay)])
    }

    /// - Returns: Nil where the timer is not the filler's.
    mutating func fill(_ token: Token, _ answering: Answering) -> [TurnAction]? {
        guard answering.filler == token else { return nil }
        var answering = answering
        answering.filler = nil
        state = .answering(answering)
        // Whoever makes a sound needs no sign that they are heard.
        guard case .preparing = answering.phase, answering.interjection == nil, answering.aside == nil else { return [] }
        hasFilled = true
        reasons.append(.filler(after: settings.filler ?? .zero))
        return [.fill(answering.reply)]
    }
}
