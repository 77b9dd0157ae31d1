internal import Dialogue
internal import Wire

/// What was said before a call, as JSON: a turn an object, oldest first. Language and limits are the plan's.
///
/// Only turns are kept, with what was heard of their replies: a conversation in writing has nothing beside them.
extension History {
    var record: JSONValue {
        .array(
            turns.filter { $0.name == nil }.map { turn in
                .object([
                    "turn": .int(turn.number), "user": turn.user.isEmpty ? nil : .string(turn.user),
                    "generated": turn.reply.flatMap { $0.generated.isEmpty ? nil : .string($0.generated) },
                    "heard": turn.reply.map { .string($0.heard ?? "") }, "interrupted": turn.reply?.interrupted == true ? true : nil,
                    "failure": turn.reply?.failure.map { .string($0) },
                ])
            })
    }

    init(record: JSONValue, language: Language, limits: Limits) throws(RecordingError) {
        self.init(language: language, limits: limits)
        guard let turns = record.array else { throw .malformed("call.json", "memory must be an array") }
        for turn in turns {
            let number = try RecordFields(turn).int("turn", in: -RecordFields.largest...RecordFields.largest)
            if let user = turn["user"]?.string { addUser(turn: number, text: user) }
            guard let heard = turn["heard"]?.string else { continue }
            beginReply(turn: number)
            if let generated = turn["generated"]?.string { appendGenerated(turn: number, generated) }
            setHeard(turn: number, text: heard, interrupted: turn["interrupted"]?.bool ?? false)
            if let failure = turn["failure"]?.string { fail(turn: number, code: failure) }
        }
    }
}
