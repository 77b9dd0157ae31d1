internal import Engines
internal import Foundation

/// Reads the events of `/v1/messages` by the type they carry. Types it does not know are skipped.
struct AnthropicChatReader: ChatReader {
    private struct Event: Decodable {
        struct Delta: Decodable {
            var type: String?
            var text: String?
            var partialJSON: String?
            var stopReason: String?

            enum CodingKeys: String, CodingKey {
                case type, text
                case partialJSON = "partial_json"
                case stopReason = "stop_reason"
            }
        }

        struct Usage: Decodable {
            var inputTokens: Int?
            var outputTokens: Int?

            enum CodingKeys: String, CodingKey {
                case inputTokens = "input_tokens"
                case outputTokens = "output_tokens"
            }
        }

        struct Message: Decodable { var usage: Usage? }

        struct Block: Decodable { var type: String?, id: String?, name: String? }

        var type: String
        var index: Int?
        var block: Block?
        var delta: Delta?
        var message: Message?
        var usage: Usage?

        enum CodingKeys: String, CodingKey {
            case type, index, delta, message, usage
            case block = "content_block"
        }
    }

    private var calls = CallNumbers()
    private(set) var isComplete = false
    private var finish: ChatOutcome.Finish?
    private var promptTokens: Int?
    private var completionTokens: Int?

    mutating func take(_ payload: [UInt8]) throws(RemoteFailure) -> [ChatPiece] {
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(payload)) else {
            throw RemoteFailure(.badAnswer, "an event of \(payload.count) bytes that is not the JSON expected")
        }
        switch event.type {
        case "error": throw RemoteFailure(ServiceError(payload))
        case "message_start": promptTokens = event.message?.usage?.inputTokens
        case "content_block_start" where event.block?.type == "tool_use":
            return calls.take(place: event.index, id: event.block?.id, name: event.block?.name, arguments: nil)
        case "content_block_delta" where event.delta?.type == "text_delta": return [.text(event.delta?.text ?? "")]
        case "content_block_delta" where event.delta?.type == "input_json_delta":
            return calls.take(place: event.index, id: nil, name: nil, arguments: event.delta?.partialJSON)
        case "message_delta":
            completionTokens = event.usage?.outputTokens ?? completionTokens
            switch event.delta?.stopReason {
            case nil: break
            case "max_tokens", "model_context_window_exceeded": finish = .length
            case "refusal": finish = .filtered
            default: finish = .stop
            }
        case "message_stop": isComplete = true
        default: break
        }
        return []
    }

    func outcome() -> ChatOutcome? {
        guard isComplete || finish != nil else { return nil }
        return ChatOutcome(finish: finish ?? .stop, promptTokens: promptTokens, completionTokens: completionTokens)
    }
}
