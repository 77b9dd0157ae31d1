internal import Engines
internal import Foundation

/// Reads the lines of Ollama's `/api/chat`. Keys it does not know are skipped; what a model thinks stands in a key of its own.
struct OllamaChatReader: ChatReader {
    private struct Line: Decodable {
        struct Message: Decodable { var content: String? }

        var message: Message?
        var done: Bool?
        var doneReason: String?
        var promptTokens: Int?
        var completionTokens: Int?
        var error: String?

        enum CodingKeys: String, CodingKey {
            case message, done, error
            case doneReason = "done_reason"
            case promptTokens = "prompt_eval_count"
            case completionTokens = "eval_count"
        }
    }

    private var last: ChatOutcome?

    var isComplete: Bool { last != nil }

    mutating func take(_ payload: [UInt8]) throws(RemoteFailure) -> String {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(payload)) else {
            throw RemoteFailure(.badAnswer, "a line of \(payload.count) bytes that is not the JSON expected")
        }
        if line.error != nil { throw RemoteFailure(.failed, "the service broke off with an error", isRetryable: true) }
        if line.done == true {
            last = ChatOutcome(
                finish: line.doneReason == "length" ? .length : .stop, promptTokens: line.promptTokens, completionTokens: line.completionTokens)
        }
        return line.message?.content ?? ""
    }

    func outcome() -> ChatOutcome? { last }
}
