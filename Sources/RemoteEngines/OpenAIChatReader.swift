internal import Engines
internal import Foundation

/// Reads the chunks of `/v1/chat/completions`. Keys it does not know are skipped.
struct OpenAIChatReader: ChatReader {
    private struct Chunk: Decodable {
        struct Choice: Decodable {
            struct Delta: Decodable {
                var content: String?
                var toolCalls: [Call]?

                enum CodingKeys: String, CodingKey {
                    case content
                    case toolCalls = "tool_calls"
                }
            }

            struct Call: Decodable {
                struct Function: Decodable { var name: String?, arguments: String? }

                var index: Int?
                var id: String?
                var function: Function?
            }

            var delta: Delta?
            var finishReason: String?

            enum CodingKeys: String, CodingKey {
                case delta
                case finishReason = "finish_reason"
            }
        }

        struct Usage: Decodable {
            var promptTokens: Int?
            var completionTokens: Int?

            enum CodingKeys: String, CodingKey {
                case promptTokens = "prompt_tokens"
                case completionTokens = "completion_tokens"
            }
        }

        var choices: [Choice]?
        var usage: Usage?
        var error: JSONValue?
    }

    private(set) var isComplete = false
    private var finish: ChatOutcome.Finish?
    private var usage: Chunk.Usage?
    private var calls = CallNumbers()

    mutating func take(_ payload: [UInt8]) throws(RemoteFailure) -> [ChatPiece] {
        if payload.elementsEqual("[DONE]".utf8) {
            isComplete = true
            return []
        }
        guard let chunk = try? JSONDecoder().decode(Chunk.self, from: Data(payload)) else {
            throw RemoteFailure(.badAnswer, "a chunk of \(payload.count) bytes that is not the JSON expected")
        }
        if chunk.error != nil { throw RemoteFailure(ServiceError(payload)) }
        if let known = chunk.usage { usage = known }
        guard let choice = chunk.choices?.first else {
            if finish != nil, usage != nil { isComplete = true }
            return []
        }
        switch choice.finishReason {
        case nil: break
        case "length": finish = .length
        case "content_filter": finish = .filtered
        default: finish = .stop
        }
        var pieces = choice.delta?.content.map { [ChatPiece.text($0)] } ?? []
        for call in choice.delta?.toolCalls ?? [] {
            pieces += calls.take(place: call.index, id: call.id, name: call.function?.name, arguments: call.function?.arguments)
        }
        return pieces
    }

    func outcome() -> ChatOutcome? {
        guard isComplete || finish != nil else { return nil }
        return ChatOutcome(finish: finish ?? .stop, promptTokens: usage?.promptTokens, completionTokens: usage?.completionTokens)
    }
}
