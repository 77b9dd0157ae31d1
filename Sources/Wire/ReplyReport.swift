/// How a reply goes on, for a client that directs the agent. `epoch` names the reply, as in its packets.
package enum ReplyReport: Sendable, Equatable {
    /// `reply.began`: a reply is being made; `request` is what asked for it, nil where the session did.
    case began(epoch: UInt16, request: String?)
    /// `reply.wrote`: the next piece of a reply that nobody speaks.
    case wrote(epoch: UInt16, text: String)
    /// `reply.call`: the reply calls a tool; calls of one reply are numbered from 0.
    case call(epoch: UInt16, number: Int, id: String, name: String)
    /// `reply.arguments`: the next piece of a call's arguments.
    case arguments(epoch: UInt16, number: Int, text: String)
    /// `reply.called`: a call is whole and may be run.
    case called(epoch: UInt16, number: Int, arguments: String)
    /// `reply.ended`: nothing more comes of the reply.
    case ended(ReplyEnd)
    /// `reply.refused`: no reply is made for this request.
    case refused(request: String, code: String)
    /// `reply.heard`: what the caller heard of a reply, after the client's word.
    case heard(epoch: UInt16, text: String)
    /// `item.taken`: what was heard and taken under this name.
    case taken(id: String, text: String)
    /// `item.failed`: what was taken under this name cannot be understood.
    case failed(id: String, code: String)
}

/// The end of one reply.
package struct ReplyEnd: Sendable, Equatable {
    package var epoch: UInt16
    package var reason: ServerEvent.FinishReason
    /// Error code where it failed; `length` or `filtered` where the model was stopped.
    package var cause: String?
    package var message: String?
    /// Tokens as the model's service counts them; nil where it does not.
    package var promptTokens: Int?
    package var completionTokens: Int?

    package init(
        epoch: UInt16, reason: ServerEvent.FinishReason, cause: String? = nil, message: String? = nil, promptTokens: Int? = nil,
        completionTokens: Int? = nil
    ) {
        (self.epoch, self.reason, self.cause, self.message) = (epoch, reason, cause, message)
        (self.promptTokens, self.completionTokens) = (promptTokens, completionTokens)
    }
}

extension ReplyReport {
    /// The `type` that stands for it in JSON.
    var type: String {
        switch self {
        case .began: "reply.began"
        case .wrote: "reply.wrote"
        case .call: "reply.call"
        case .arguments: "reply.arguments"
        case .called: "reply.called"
        case .ended: "reply.ended"
        case .refused: "reply.refused"
        case .heard: "reply.heard"
        case .taken: "item.taken"
        case .failed: "item.failed"
        }
    }

    /// Its members beside the type.
    var body: JSONValue {
        switch self {
        case .began(let epoch, let request): .object(["epoch": .int(Int(epoch)), "request": request.map(JSONValue.string)])
        case .wrote(let epoch, let text), .heard(let epoch, let text): ["epoch": .int(Int(epoch)), "text": .string(text)]
        case .call(let epoch, let number, let id, let name):
            ["epoch": .int(Int(epoch)), "number": .int(number), "id": .string(id), "name": .string(name)]
        case .arguments(let epoch, let number, let text): ["epoch": .int(Int(epoch)), "number": .int(number), "text": .string(text)]
        case .called(let epoch, let number, let arguments):
            ["epoch": .int(Int(epoch)), "number": .int(number), "arguments": .string(arguments)]
        case .ended(let end):
            .object([
                "epoch": .int(Int(end.epoch)), "reason": .string(end.reason.rawValue), "cause": end.cause.map(JSONValue.string),
                "message": end.message.map(JSONValue.string), "prompt_tokens": end.promptTokens.map(JSONValue.int),
                "completion_tokens": end.completionTokens.map(JSONValue.int),
            ])
        case .refused(let request, let code): ["request": .string(request), "code": .string(code)]
        case .taken(let id, let text): ["id": .string(id), "text": .string(text)]
        case .failed(let id, let code): ["id": .string(id), "code": .string(code)]
        }
    }

    /// Reads the members beside the type; nil for a type that is none of these.
    init?(type: String, _ fields: WireFields) throws(WireError) {
        func number() throws(WireError) -> Int { try fields.int("number", in: 0...1000) }
        func tokens(_ name: String) throws(WireError) -> Int? {
            fields.optional(name) == nil ? nil : try fields.int(name, in: 0...WireFields.exactIntegers.upperBound)
        }
        switch type {
        case "reply.began": self = .began(epoch: try fields.epoch(), request: try fields.optionalString("request"))
        case "reply.wrote": self = .wrote(epoch: try fields.epoch(), text: try fields.string("text"))
        case "reply.call":
            self = .call(epoch: try fields.epoch(), number: try number(), id: try fields.string("id"), name: try fields.string("name"))
        case "reply.arguments": self = .arguments(epoch: try fields.epoch(), number: try number(), text: try fields.string("text"))
        case "reply.called": self = .called(epoch: try fields.epoch(), number: try number(), arguments: try fields.string("arguments"))
        case "reply.ended":
            guard let reason = ServerEvent.FinishReason(rawValue: try fields.string("reason")) else {
                throw fields.wrong("reason", "must be completed, interrupted, failed or cancelled")
            }
            self = .ended(
                ReplyEnd(
                    epoch: try fields.epoch(), reason: reason, cause: try fields.optionalString("cause"),
                    message: try fields.optionalString("message"), promptTokens: try tokens("prompt_tokens"),
                    completionTokens: try tokens("completion_tokens")))
        case "reply.refused": self = .refused(request: try fields.string("request"), code: try fields.string("code"))
        case "reply.heard": self = .heard(epoch: try fields.epoch(), text: try fields.string("text"))
        case "item.taken": self = .taken(id: try fields.string("id"), text: try fields.string("text"))
        case "item.failed": self = .failed(id: try fields.string("id"), code: try fields.string("code"))
        default: return nil
        }
    }
}
