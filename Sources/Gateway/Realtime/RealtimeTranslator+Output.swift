internal import Dialogue
internal import Wire

/// Items of a response, as they are spoken, written and called.
extension RealtimeTranslator {
    private typealias Output = RealtimeResponse.Output

    private func place(_ index: Int, of response: RealtimeResponse) -> [JSONValue.Member] {
        [
            .init("response_id", .string(response.id)), .init("output_index", .int(index)),
            .init("item_id", .string(response.outputs[index].item.id)),
        ]
    }

    /// Tells something of one output of a response.
    private mutating func tell(_ type: String, _ index: Int, of response: RealtimeResponse, _ members: KeyValuePairs<String, JSONValue>) {
        let all = [JSONValue.Member("type", .string(type))] + place(index, of: response) + members.map { .init($0, $1) }
        actions.append(.send(.object(all)))
    }

    private mutating func begin(_ item: RealtimeItem, call: Int? = nil, of response: inout RealtimeResponse) {
        response.outputs.append(Output(item: item, call: call))
        send(
            "response.output_item.added",
            ["response_id": .string(response.id), "output_index": .int(response.outputs.count - 1), "item": item.announced])
        if !response.isBeside { add(item, isDone: false) }
    }

    private mutating func end(_ index: Int, of response: inout RealtimeResponse) {
        response.outputs[index].isOpen = false
        let item = response.outputs[index].item
        if !response.isBeside { finish(item) }
        send("response.output_item.done", ["response_id": .string(response.id), "output_index": .int(index), "item": item.json])
    }

    // MARK: messages

    /// The message of a response, which begins with what is first said or written.
    private mutating func message(of response: inout RealtimeResponse) -> Int {
        if let index = response.message { return index }
        var item = RealtimeItem(
            id: newID("item"), status: .inProgress, body: .message(role: .assistant, text: "", isAudio: !response.isWritten),
            name: "reply:\(response.epoch)")
        item.epoch = response.isBeside ? nil : response.epoch
        begin(item, of: &response)
        let index = response.outputs.count - 1
        let part: JSONValue = response.isWritten ? ["type": "text", "text": ""] : ["type": "audio", "transcript": ""]
        tell("response.content_part.added", index, of: response, ["content_index": 0, "part": part])
        return index
    }

    mutating func write(_ text: String, of response: inout RealtimeResponse) {
        let index = message(of: &response)
        guard response.outputs[index].isOpen else { return }
        response.outputs[index].told += text
        tell("response.output_text.delta", index, of: response, ["content_index": 0, "delta": .string(text)])
    }

    /// Takes the words of one sentence; they come again when their length is known.
    mutating func say(_ sentence: AgentText) {
        guard var current = response, current.epoch == sentence.epoch, !current.isWritten else { return }
        response = nil
        defer { response = current }
        let index = message(of: &current)
        let output = current.outputs[index]
        guard output.isOpen, output.lastSentence.map({ $0 < sentence.start }) ?? true else { return }
        current.outputs[index].lastSentence = sentence.start
        let whole = output.told.isEmpty ? sentence.text : History.join(output.told, sentence.text)
        let delta = String(whole.dropFirst(output.told.count))
        current.outputs[index].told = whole
        tell("response.output_audio_transcript.delta", index, of: current, ["content_index": 0, "delta": .string(delta)])
    }

    mutating func audio(_ header: AudioPacketHeader, _ payload: [UInt8]) {
        guard var current = response, current.epoch == header.epoch, !current.isWritten else { return }
        response = nil
        defer { response = current }
        let index = message(of: &current)
        guard current.outputs[index].isOpen else { return }
        let milliseconds = payload.count / current.format.density
        // What is sent again after a false alarm has been sent already: this client has not dropped it.
        guard current.outputs[index].skip < milliseconds else {
            current.outputs[index].skip -= milliseconds
            return
        }
        current.outputs[index].audio += milliseconds
        hasSpoken = true
        actions.append(
            .sendAudio(RealtimeAudio(response: current.id, item: current.outputs[index].item.id, output: index, bytes: payload)))
    }

    /// The agent goes on after a sound that was no interruption, at a place that was sent before.
    mutating func goOn(_ epoch: UInt16, from position: Duration) {
        guard let index = response?.message, let current = response, current.epoch == epoch else { return }
        let output = current.outputs[index]
        response?.outputs[index].skip = max(0, output.audio - Int(position / .milliseconds(1)))
    }

    mutating func endMessage(_ index: Int, isWhole: Bool, of response: inout RealtimeResponse) {
        let text = response.outputs[index].told
        response.outputs[index].item.status = isWhole ? .completed : .incomplete
        response.outputs[index].item.body = .message(role: .assistant, text: text, isAudio: !response.isWritten)
        response.outputs[index].item.produced = response.outputs[index].audio
        if response.isWritten {
            tell("response.output_text.done", index, of: response, ["content_index": 0, "text": .string(text)])
            tell("response.content_part.done", index, of: response, ["content_index": 0, "part": ["type": "text", "text": .string(text)]])
        } else {
            tell("response.output_audio.done", index, of: response, ["content_index": 0])
            tell("response.output_audio_transcript.done", index, of: response, ["content_index": 0, "transcript": .string(text)])
            tell(
                "response.content_part.done", index, of: response,
                ["content_index": 0, "part": ["type": "audio", "transcript": .string(text)]])
        }
        end(index, of: &response)
    }

    /// Keeps of a reply's words those that were heard.
    mutating func note(heard text: String, of epoch: UInt16) {
        guard let index = items.lastIndex(where: { $0.epoch == epoch }) else { return }
        setText(text, of: index)
    }

    // MARK: calls

    mutating func beginCall(_ number: Int, _ id: String, _ name: String, of response: inout RealtimeResponse) {
        let item = RealtimeItem(
            id: newID("item"), status: .inProgress, body: .call(name: name, call: id, arguments: ""), name: "call:\(id)")
        begin(item, call: number, of: &response)
    }

    mutating func argue(_ number: Int, _ text: String, of response: inout RealtimeResponse) {
        guard let index = response.index(ofCall: number), response.outputs[index].isOpen,
            case .call(_, let call, _) = response.outputs[index].item.body
        else { return }
        response.outputs[index].told += text
        tell("response.function_call_arguments.delta", index, of: response, ["call_id": .string(call), "delta": .string(text)])
    }

    mutating func endCall(_ number: Int, _ arguments: String, of response: inout RealtimeResponse) {
        guard let index = response.index(ofCall: number), response.outputs[index].isOpen,
            case .call(let name, let call, _) = response.outputs[index].item.body
        else { return }
        let arguments = arguments.isEmpty ? "{}" : arguments
        if response.outputs[index].told.isEmpty { argue(number, arguments, of: &response) }
        response.outputs[index].item.body = .call(name: name, call: call, arguments: arguments)
        response.outputs[index].item.status = .completed
        tell(
            "response.function_call_arguments.done", index, of: response,
            ["call_id": .string(call), "name": .string(name), "arguments": .string(arguments)])
        end(index, of: &response)
    }

    /// A call that the response did not come to the end of; it is not to be run.
    mutating func dropCall(_ index: Int, of response: inout RealtimeResponse) {
        guard case .call(let name, let call, _) = response.outputs[index].item.body else { return }
        response.outputs[index].item.body = .call(name: name, call: call, arguments: response.outputs[index].told)
        response.outputs[index].item.status = .incomplete
        end(index, of: &response)
    }
}
