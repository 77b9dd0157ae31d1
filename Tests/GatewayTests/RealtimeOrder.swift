import Wire

@testable import Gateway

/// Looks at every event that goes to a client, as a strict client does: members that are there, kinds, and order within a response.
struct RealtimeOrder {
    private struct Response {
        var items: Set<String> = []
        var parts: Set<String> = []
    }

    private var open: [String: Response] = [:]
    private var done: Set<String> = []

    /// - Returns: What is wrong, or nil.
    mutating func take(_ actions: [RealtimeTranslator.Action]) -> String? {
        for action in actions {
            switch action {
            case .send(let event): if let breach = take(event) { return "\(breach): \(event.text.prefix(300))" }
            case .sendAudio(let audio):
                guard let response = open[audio.response], response.parts.contains(audio.item) else { return "audio of no open part" }
            case .session, .hear, .hearAll, .forgetHeard, .hearAs, .startTimer: break
            }
        }
        return nil
    }

    private mutating func take(_ event: JSONValue) -> String? {
        guard let type = event["type"]?.string else { return "no type" }
        if let integers = Self.integers(event) { return integers }
        switch type {
        case "response.created":
            guard let id = event["response"]?["id"]?.string, event["response"]?["status"] == "in_progress" else { return "no response" }
            guard open[id] == nil, !done.contains(id) else { return "created twice" }
            open[id] = Response()
        case "response.done":
            guard let id = event["response"]?["id"]?.string, let response = open.removeValue(forKey: id) else { return "done without being open" }
            done.insert(id)
            if done.count > 64 { done = [id] }
            guard response.items.isEmpty, response.parts.isEmpty else { return "done over open items" }
            let status = event["response"]?["status"]?.string ?? ""
            guard ["completed", "cancelled", "failed", "incomplete"].contains(status) else { return "status \(status)" }
            guard status == "completed" || event["response"]?["status_details"]?["type"]?.string == status else { return "no details" }
            guard event["response"]?["usage"]?.members != nil else { return "no usage" }
        case "error":
            guard event["error"]?["code"]?.string != nil, event["error"]?["message"]?.string != nil else { return "no code" }
        default:
            guard type.hasPrefix("response.") else { return item(event) }
            return ofResponse(type, event)
        }
        return nil
    }

    private mutating func ofResponse(_ type: String, _ event: JSONValue) -> String? {
        guard let id = event["response_id"]?.string, var response = open[id] else { return "of no open response" }
        defer { open[id] = response }
        guard event["output_index"]?.int != nil else { return "no output_index" }
        let item = event["item_id"]?.string ?? event["item"]?["id"]?.string ?? ""
        switch type {
        case "response.output_item.added":
            guard event["item"]?["status"] == "in_progress", response.items.insert(item).inserted else { return "added wrongly" }
            return self.item(event)
        case "response.output_item.done":
            guard response.items.remove(item) != nil, !response.parts.contains(item) else { return "item done wrongly" }
            return self.item(event)
        case "response.content_part.added":
            guard response.items.contains(item), response.parts.insert(item).inserted else { return "part added wrongly" }
        case "response.content_part.done": if response.parts.remove(item) == nil { return "part done wrongly" }
        default:
            guard response.items.contains(item) else { return "of no open item" }
            guard type.contains("function_call") || response.parts.contains(item) else { return "of no open part" }
        }
        return nil
    }

    private func item(_ event: JSONValue) -> String? {
        guard let item = event["item"] else { return nil }
        guard item["id"]?.string?.isEmpty == false, let type = item["type"]?.string else { return "an item without id or type" }
        switch type {
        case "message": return item["role"]?.string != nil && item["content"]?.array != nil ? nil : "a message without role or content"
        case "function_call":
            return item["call_id"]?.string?.isEmpty == false && item["name"]?.string != nil && item["arguments"]?.string != nil ? nil : "half a call"
        default: return item["call_id"]?.string != nil && item["output"]?.string != nil ? nil : "half a result"
        }
    }

    /// Strict clients refuse a whole event for a fraction.
    private static func integers(_ event: JSONValue) -> String? {
        for name in ["audio_start_ms", "audio_end_ms", "content_index", "output_index"] {
            guard let value = event[name] else { continue }
            guard let number = value.int, number >= 0 else { return name }
        }
        return nil
    }
}
