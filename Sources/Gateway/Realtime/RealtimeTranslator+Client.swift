internal import Wire

/// What the client says.
extension RealtimeTranslator {
    mutating func client(_ fields: RealtimeFields, event: String?) throws(RealtimeFault) {
        guard fields.object.members != nil else { throw RealtimeFault("invalid_event", "An event is a JSON object.") }
        switch try fields.required("type", upTo: 256) {
        case "input_audio_buffer.append": try append(fields)
        case "input_audio_buffer.commit": try commit()
        case "input_audio_buffer.clear": clear()
        case "session.update": try update(fields)
        case "conversation.item.create": try create(fields)
        case "conversation.item.retrieve":
            let index = try known(fields, "item_retrieve_invalid_item_id")
            send("conversation.item.retrieved", ["item": items[index].json])
        case "conversation.item.truncate": try truncate(fields)
        case "conversation.item.delete":
            let index = try known(fields, "item_delete_invalid_item_id")
            let item = items.remove(at: index)
            if let name = item.name { direct(.remove(name)) }
            send("conversation.item.deleted", ["item_id": .string(item.id)])
        case "response.create": try respond(fields.object, event: event)
        case "response.cancel": try cancel(fields)
        case "output_audio_buffer.clear": break  // the client plays what it has; there is no other buffer
        default: throw RealtimeFault("invalid_value", "This type of event is not known.", param: "type")
        }
    }

    // MARK: session

    private mutating func update(_ fields: RealtimeFields) throws(RealtimeFault) {
        guard let session = try fields.nested("session") else { throw .missing("session") }
        let old = config
        try config.update(session, mayChangeVoice: !hasSpoken)
        apply(from: old)
        send("session.updated", ["session": config.json(id: sessionID, expiry: identity.expiry)])
    }

    /// Tells the session what has changed; all of it at the beginning.
    mutating func apply(from old: RealtimeConfig?) {
        let change = config.change(from: old, passesVoice: identity.passesVoices)
        if let input = change.input {
            actions += [.hearAll, .hearAs(input)]
            uncommitted = 0
        }
        if !change.isEmpty { direct(.change(change)) }
    }

    // MARK: input

    private mutating func append(_ fields: RealtimeFields) throws(RealtimeFault) {
        let text = try fields.required("audio", upTo: .max)
        guard let bytes = Base64.bytes(text) else { throw .invalid("audio", "must be base64") }
        guard !bytes.isEmpty else { return }
        uncommitted += bytes.count
        actions.append(.hear(bytes))
    }

    private mutating func commit() throws(RealtimeFault) {
        guard uncommitted >= 100 * config.input.density else { throw .emptyCommit }
        actions.append(.hearAll)
        if let speech, speech.isTold {
            // Its words come by themselves; the turn is over now.
            actions.append(.session(.commit))
            return
        }
        let id = newID("item")
        commit(RealtimeItem(id: id, body: .message(role: .user, text: nil, isAudio: true), name: id))
        direct(.take(id))
    }

    /// Makes what was heard an item of the caller's.
    mutating func commit(_ item: RealtimeItem) {
        uncommitted = 0
        send(
            "input_audio_buffer.committed",
            ["previous_item_id": lastItem.map(JSONValue.string) ?? .null, "item_id": .string(item.id)])
        add(item)
    }

    private mutating func clear() {
        uncommitted = 0
        actions.append(.forgetHeard)
        direct(.clear)
        send("input_audio_buffer.cleared", [:])
    }

    // MARK: items

    private func known(_ fields: RealtimeFields, _ code: String) throws(RealtimeFault) -> Int {
        let id = try fields.required("item_id", upTo: 128)
        guard let index = index(of: id) else {
            throw RealtimeFault(code, "The item with id '\(id)' does not exist.", param: "item_id")
        }
        return index
    }

    private mutating func create(_ fields: RealtimeFields) throws(RealtimeFault) {
        guard let given = try fields.nested("item") else { throw .missing("item") }
        var item = try RealtimeItem(given, newID: newID("item"))
        guard item.sound.count <= Self.longestSound * config.input.density else {
            throw RealtimeFault(
                "string_above_max_length", "An item has at most \(Self.longestSound / 60_000) minutes of audio.", param: "item.content")
        }
        guard index(of: item.id) == nil else {
            throw RealtimeFault("item_create_duplicate_item_id", "An item with id '\(item.id)' exists already.", param: "item.id")
        }
        var (place, after): (Int?, String?) = (nil, nil)
        switch try fields.string("previous_item_id", upTo: 128) {
        case nil: break
        case "root"?: (place, after) = (0, "")
        case let id?:
            guard let index = index(of: id) else {
                throw RealtimeFault("item_create_invalid_previous_item_id", "The item with id '\(id)' does not exist.", param: "previous_item_id")
            }
            (place, after) = (index + 1, items[index].name ?? id)
        }
        let memory = item.memory(after: after)
        item.sound = []
        add(item, at: place)
        direct(.insert(memory))
    }

    /// Milliseconds of audio in one item, as much as waits in the input buffer.
    private static let longestSound = 600_000

    private mutating func truncate(_ fields: RealtimeFields) throws(RealtimeFault) {
        let index = try known(fields, "item_truncate_invalid_item_id")
        let content = try fields.int("content_index", in: 0...1_000) ?? 0
        guard let asked = try fields.int("audio_end_ms", in: 0...86_400_000) else { throw .missing("audio_end_ms") }
        guard case .message(.assistant, _, isAudio: true) = items[index].body, content == 0 else {
            throw RealtimeFault("unsupported_content_type", "Only audio of an assistant's message can be truncated.", param: "item_id")
        }
        // A client's clock may run ahead of what it was sent.
        let open = response?.outputs.first { $0.isOpen && $0.item.id == items[index].id }
        let end = min(asked, open?.audio ?? items[index].produced)
        if let epoch = items[index].epoch {
            setText(nil, of: index)
            direct(.truncate(epoch: epoch, milliseconds: end))
        }
        send(
            "conversation.item.truncated",
            ["item_id": .string(items[index].id), "content_index": .int(content), "audio_end_ms": .int(end)])
    }

    // MARK: responses

    /// Whether the conversation has a response of its own that is not over, or has been promised one.
    private var isAnswering: Bool { response.map { !$0.isBeside } ?? false || asked.values.contains { !$0.request.isBeside } }

    /// Whether anything is heard or will be.
    var isBusy: Bool { response != nil || asked.values.contains { !($0.request.isBeside && $0.isWritten) } }

    mutating func respond(_ json: JSONValue, event: String?) throws(RealtimeFault) {
        guard config.kind == .realtime else { throw RealtimeFault("invalid_value", "A transcription session makes no responses.", param: "type") }
        let given = try RealtimeFields(json).nested("response") ?? RealtimeFields(.object([JSONValue.Member]()))
        var asked = Asked(request: ReplyRequest(id: newID("resp")), metadata: .null, event: event, isWritten: config.isWritten)
        if let isWritten = try RealtimeConfig.isWritten(given) {
            asked.isWritten = isWritten
            asked.request.isWritten = isWritten
        }
        asked.request.instructions = try given.string("instructions")
        if given.object["tools"] != nil { asked.request.tools = try RealtimeConfig.tools(given).map { ToolOffer($0.object) } }
        if let choice = given.object["tool_choice"] { asked.request.toolChoice = try ToolWish(choice, given.name("tool_choice")) }
        if given.object["max_output_tokens"] != nil { asked.request.replyTokens = try RealtimeConfig.tokens(given) }
        if let metadata = given.object["metadata"] {
            guard let members = metadata.members, members.count <= 64, members.allSatisfy({ $0.value.string != nil }),
                metadata.bytes.count <= 64 * 1024
            else { throw .invalid(given.name("metadata"), "must be an object of strings") }
            asked.metadata = metadata
        }
        switch try given.string("conversation", upTo: 64) {
        case nil, "auto"?: break
        case "none"?: asked.request.isBeside = true
        default: throw .invalid(given.name("conversation"), "must be auto or none")
        }
        asked.request.input = try given.list("input", upTo: 1_000).map { list throws(RealtimeFault) in try memory(list) }
        // What stands beside the conversation waits for its turn to be heard; the session sees to that.
        if isAnswering, !asked.request.isBeside {
            // What a call asked for is answered while the response that called is still being heard.
            guard response?.hasCalled == true, next == nil, self.asked.isEmpty else { throw .active }
            next = (json, event)
            return
        }
        guard self.asked.count < 32 else { throw .active }
        self.asked[asked.request.id] = asked
        idleTimer += 1
        direct(.respond(asked.request))
    }

    /// Items that stand for a conversation of their own.
    private mutating func memory(_ list: [RealtimeFields]) throws(RealtimeFault) -> [MemoryItem] {
        var memory: [MemoryItem] = []
        for fields in list {
            guard fields.object["type"]?.string == "item_reference" else {
                let item = try RealtimeItem(fields, newID: newID("item"))
                guard item.sound.isEmpty else {
                    throw RealtimeFault(
                        "unsupported_content_type", "Audio has its transcript here, or is an item of the conversation.",
                        param: fields.name("content"))
                }
                memory.append(item.memory())
                continue
            }
            let id = try fields.required("id", upTo: 128)
            guard let index = index(of: id) else {
                throw RealtimeFault("invalid_value", "The item with id '\(id)' does not exist.", param: fields.name("id"))
            }
            memory.append(items[index].memory())
        }
        return memory
    }

    private mutating func cancel(_ fields: RealtimeFields) throws(RealtimeFault) {
        let id = try fields.string("response_id", upTo: 128)
        if let id, beside.values.contains(where: { $0.id == id }) || asked[id]?.request.isBeside == true { return direct(.stop(request: id)) }
        guard isBusy, id == nil || id == response?.id || id.map({ asked[$0] != nil }) == true else { throw .notActive }
        next = nil
        actions.append(.session(.cancelReply))
    }
}
