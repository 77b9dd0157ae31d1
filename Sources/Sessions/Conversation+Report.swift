internal import Dialogue
internal import Engines
internal import Turns
internal import Wire

/// What a directing client is told of each reply, and replies that nobody speaks.
extension Conversation {
    /// Replies beside the conversation at one time.
    private static let maximumBeside = 8

    mutating func reportBegin(_ reply: Reply) {
        guard plan.isDirected, reply.line == nil else { return }
        send(.report(.began(epoch: reply.epoch, request: reply.request)))
    }

    mutating func reportEnd(_ reply: Reply, _ reason: ServerEvent.FinishReason) {
        guard plan.isDirected, reply.line == nil else { return }
        var end = ReplyEnd(epoch: reply.epoch, reason: reason)
        (end.promptTokens, end.completionTokens) = (reply.outcome?.promptTokens, reply.outcome?.completionTokens)
        if reason == .failed, let failure = reply.failure {
            (end.cause, end.message) = (failure.code.rawValue, failure.detail)
        } else if let finish = reply.outcome?.finish, finish != .stop {
            end.cause = finish.rawValue
        }
        send(.report(.ended(end)))
    }

    // MARK: what is written and called

    mutating func called(_ piece: ChatPiece, of token: Token, at now: Instant) {
        change(token) { $0.take(piece) }
        guard reply?.token == token else { return }
        if clock?.firstText == nil { clock?.firstText = now }
        tellNews(at: now)
    }

    /// Tells what is new of the reply's written text and of its calls.
    mutating func tellNews(at now: Instant) {
        guard var current = reply else { return }
        reply = nil  // so that its text is not copied
        let isFirst = tell(&current)
        reply = current
        guard isFirst else { return }
        reply?.isAudible = true
        clock?.firstPacket = now
        turn(.replyAudible(current.token), at: now)
    }

    /// - Returns: Whether its first words have been told.
    private mutating func tell(_ current: inout Reply) -> Bool {
        var isFirst = false
        if !current.untold.isEmpty {
            send(.report(.wrote(epoch: current.epoch, text: current.untold)))
            current.untold = ""
            isFirst = !current.isAudible
        }
        for piece in current.untoldCalls {
            switch piece {
            case .text: break
            case .call(let number, let id, let name):
                endCalls(of: &current, before: number)
                send(.report(.call(epoch: current.epoch, number: number, id: id, name: name)))
            case .arguments(let number, let text): send(.report(.arguments(epoch: current.epoch, number: number, text: text)))
            }
        }
        current.untoldCalls = []
        if current.isTextComplete, current.failure == nil { endCalls(of: &current, before: .max) }
        return isFirst
    }

    /// What is called may be run now: never what was only begun on a likely end.
    private mutating func endCalls(of current: inout Reply, before number: Int) {
        for index in current.calls.indices.prefix(number) where !current.calls[index].isWhole {
            current.calls[index].isWhole = true
            let call = current.calls[index].call
            send(.report(.called(epoch: current.epoch, number: index, arguments: call.arguments)))
            if !current.isBeside { history.put(ChatMessage(.assistant, "", calls: [call]), name: "call:\(call.id)") }
        }
    }

    // MARK: beside the conversation

    mutating func replyBeside(_ request: ReplyRequest) {
        guard beside.count < Self.maximumBeside else { return refuse(request, "reply.too_many") }
        epoch &+= 1
        let token = ownToken()
        let new = makeReply(token, line: nil, isDraft: false, asked: request)
        beside[token] = new
        reportBegin(new)
        effects += [.answer(token, self.request(history, for: request)), .startTimer(.beside(token), after: plan.turns.replyLimit * 5)]
    }

    mutating func stopBeside(_ request: String, at now: Instant) {
        if let index = waiting.firstIndex(where: { $0.id == request }) { return refuse(waiting.remove(at: index), "reply.cancelled") }
        if let current = wanted, current.isBeside, current.id == request {
            wanted = nil
            return refuse(current, "reply.cancelled")
        }
        if let reply, reply.isBeside, reply.request == request { return turn(.cancelReply, at: now) }
        guard let token = beside.first(where: { $0.value.request == request })?.key else { return }
        endBeside(token, .cancelled)
    }

    mutating func besideTimedOut(_ token: Token) {
        beside[token]?.failure = EngineError(.timeout, "the reply has not come in time")
        endBeside(token, .failed)
    }

    /// Tells what is new of a reply beside the conversation, and its end.
    mutating func tellBeside(_ token: Token) {
        guard var current = beside.removeValue(forKey: token) else { return }
        _ = tell(&current)
        current.isAudible = true
        beside[token] = current
        if current.isTextComplete { endBeside(token, current.failure == nil ? .completed : .failed) }
    }

    private mutating func endBeside(_ token: Token, _ reason: ServerEvent.FinishReason) {
        guard let current = beside.removeValue(forKey: token) else { return }
        if reason != .completed { effects.append(.cancelReply(token)) }
        reportEnd(current, reason)
    }
}
