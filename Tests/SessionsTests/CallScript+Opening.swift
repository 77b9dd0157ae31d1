import Engines
import Sessions

extension CallScript {
    /// The agent has greeted.
    mutating func greeted() {
        speech(600)
        silence(1500)
    }

    /// The agent has greeted, and the caller has asked something that is understood at once.
    mutating func asked() {
        greeted()
        endOfTurn(0.95)
        words("where is my card")
        voice(1200)
    }

    /// One part of what an engine answers to one of its requests; for answers that come in no simple way.
    ///
    /// - Parameters:
    ///   - number: Which of the requests of its kind, from 1.
    ///   - after: Milliseconds from the request.
    mutating func add(_ request: RecordedCall.Request, _ number: Int, after: Int, _ body: RecordedCall.Answer.Body) {
        call.answers.append(RecordedCall.Answer(request: request, number: number, after: after * 1000, body: body))
    }
}

extension CallTimeline {
    /// Milliseconds and text of each line.
    var entries: [(time: Int, text: String)] {
        lines.map { line in (Int(line.prefix(8).drop { $0 == " " }) ?? 0, String(line.dropFirst(10))) }
    }
}
