import DequeModule
import Dialogue
import Engines
import Turns

/// One reply on its way from text to sound.
struct Reply {
    struct Sentence {
        /// As written; this is what the history keeps.
        var text: String
        var start: Duration
        /// Nil until its audio is complete.
        var duration: Duration?
        var words: [SpokenWord] = []
        /// Whether it is said to its end, whatever the caller says.
        var isProtected = false
        /// Said while the answer was awaited; no part of what the agent is remembered to have said.
        var isFiller = false
        /// Whether captions were sent for it.
        var isAnnounced = false

        /// Where its audio ends, the pause after it not counted; nil until that is known.
        var end: Duration? { duration.map { start + $0 } }
    }

    let token: Token
    /// The caller's turn it answers; 0 for the greeting.
    let turn: Int
    /// Nil for an answer of the language model.
    let line: Line?
    let epoch: UInt16
    /// Begun on a likely end; nothing is sent before it is released.
    var isDraft: Bool
    var splitter = SentenceSplitter()
    /// Sentences that wait for the synthesizer.
    var waiting: Deque<String> = []
    var sentences: [Sentence] = []
    /// The sentence that is being spoken into packets.
    var speaking: Int?
    var isTextComplete = false
    var failure: EngineError?
    var playout: Playout
    /// Whether something of the answer has gone out, and of a filler before it.
    var isAudible = false
    var isFilling = false
    /// Whether the turn machine knows that a protected sentence is being heard, and that the reply is nearly over.
    var isProtected = false
    var isEnding = false
    /// Characters taken from the language model, for the bound.
    var length = 0
    /// Its number in the history.
    var entry: Int
    /// What asked for it; nil where the session did.
    var request: String?
    /// Whether it stands beside the conversation and is not remembered.
    var isBeside = false
    /// Whether nobody speaks it; then this is its text, and what of it has not been told.
    var isWritten = false
    var written = ""
    var untold = ""
    var calls: [Call] = []
    var untoldCalls: [ChatPiece] = []
    var outcome: ChatOutcome?
    /// How much of it the client says was heard, while it is still being heard.
    var truncated: Duration?

    struct Call {
        var call: ToolCall
        var isWhole = false
    }

    /// Calls of one reply, and characters of one call's arguments.
    private static let maximumCalls = 32
    private static let maximumArguments = 64 * 1024

    /// Everything that can be played has been queued.
    var isQueued: Bool { isTextComplete && waiting.isEmpty && speaking == nil }

    /// Where the moments of its words come from, by the names of ``TurnMetrics/wordTimes``; nil while nothing of it has sound.
    var wordTimes: String? {
        let own = sentences.filter { !$0.isFiller }
        return own.isEmpty ? nil : own.allSatisfy { !$0.words.isEmpty } ? "engine" : "spread"
    }

    /// What was heard of it, when `played` of its audio was.
    func heard(_ played: Duration) -> String {
        isWritten ? written : HeardText.heard(heardSentences, played: min(played, truncated ?? played))
    }

    /// Takes what the language model writes or calls.
    mutating func take(_ piece: ChatPiece) {
        guard !isTextComplete else { return }
        switch piece {
        case .text(let text):
            written += text
            untold += text
        case .call(let number, let id, let name):
            guard number == calls.count, number < Self.maximumCalls else { return }
            calls.append(Call(call: ToolCall(id: id, name: name, arguments: "")))
            untoldCalls.append(piece)
        case .arguments(let number, let text):
            guard calls.indices.contains(number), !calls[number].isWhole,
                calls[number].call.arguments.utf8.count + text.utf8.count <= Self.maximumArguments
            else { return }
            calls[number].call.arguments += text
            untoldCalls.append(piece)
        }
    }

    /// Where it goes on when it was stopped after `played` of its audio.
    func restart(_ played: Duration) -> Duration { HeardText.restart(heardSentences, played: played) }

    private var heardSentences: [HeardText.Sentence] {
        sentences.filter { !$0.isFiller }.map { sentence in
            HeardText.Sentence(
                text: sentence.text, start: sentence.start, duration: sentence.duration,
                words: sentence.words.map { HeardText.Word(text: $0.text, start: $0.start, end: $0.end) })
        }
    }
}
