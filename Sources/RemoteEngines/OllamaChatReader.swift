internal import Engines
internal import Foundation

/// Reads the lines of Ollama's `/api/chat`. Keys it does not know are skipped; what a model thinks stands in a key of its own.
struct OllamaChatReader: ChatReader {
    private struct Line: Decodable {
        struct Message: Decodable {
            struct Call: Decodable {
                struct Function: Decodable { var name: String, arguments: JSONValue? }

                var id: String?
                var function: Function
            }

            var content: String?
            var toolCalls: [Call]?

            enum CodingKeys: String, CodingKey {
                case content
                case toolCalls = "tool_calls"
            }
        }

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
    private var calls = CallNumbers()

    var isComplete: Bool { last != nil }

    mutating func take(_ payload: [UInt8]) throws(RemoteFailure) -> [ChatPiece] {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(payload)) else {
            throw RemoteFailure(.badAnswer, "a line of \(payload.count) bytes that is not the JSON expected")
        }
        if line.error != nil { throw RemoteFailure(.failed, "the service broke off with an error", isRetryable: true) }
        if line.done == true {
            last = ChatOutcome(
                finish: line.doneReason == "length" ? .length : .stop, promptTokens: line.promptTokens, completionTokens: line.completionTokens)
        }
        var pieces = line.message?.content.map { [ChatPiece.text($0)] } ?? []
        for call in line.message?.toolCalls ?? [] {
            pieces += calls.take(place: nil, id: call.id, name: call.function.name, arguments: call.function.arguments?.text)
        }
        return pieces
    }

    func outcome() -> ChatOutcome? { last }
}
