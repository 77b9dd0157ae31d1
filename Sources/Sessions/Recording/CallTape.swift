internal import Engines
internal import Turns

/// One call's recording while it goes on: pairs answers with the requests they belong to.
struct CallTape {
    /// A request that is out, by what its answer carries.
    enum Key: Hashable {
        case endOfTurn(Token)
        case recognition(Token)
        case partial(Int)
        case answer(Token)
        case speech(Token, Int)
    }

    var call: RecordedCall
    var timeline = CallTimeline()
    /// What has been kept, roughly.
    var bytes = 0
    /// Nothing more is recorded.
    var isFull = false
    private var asked: [Key: (number: Int, at: Instant)] = [:]
    private var counts: [RecordedCall.Request: Int] = [:]

    init(_ call: RecordedCall) { self.call = call }

    mutating func ask(_ request: RecordedCall.Request, _ key: Key, _ now: Instant) {
        counts[request, default: 0] += 1
        asked[key] = (counts[request, default: 0], now)
    }

    mutating func note(_ request: RecordedCall.Request, _ key: Key, _ now: Instant, _ body: RecordedCall.Answer.Body) {
        guard let question = asked[key] else { return }
        let after = Int((now - question.at) / .microseconds(1))
        call.answers.append(RecordedCall.Answer(request: request, number: question.number, after: after, body: body))
    }
}

extension Result where Failure == EngineError {
    func body(_ make: (Success) -> RecordedCall.Answer.Body) -> RecordedCall.Answer.Body {
        switch self {
        case .success(let value): make(value)
        case .failure(let error): .failure(error)
        }
    }
}
