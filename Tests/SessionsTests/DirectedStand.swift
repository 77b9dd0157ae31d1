import Turns
import Wire

@testable import Sessions

/// A conversation whose agent a client directs, and what it was last asked to do.
struct DirectedStand {
    var conversation: Conversation
    var now = Instant.zero
    var effects: [ConversationEffect] = []

    /// - Parameter format: Of both ways.
    init(_ format: AudioFormat = AudioFormat(codec: .pcm16, sampleRate: 24_000), _ change: (inout CallPlan) -> Void = { _ in }) {
        var plan = CallPlan(agent: "test", system: "Be a test.", input: format, output: format, partialEvery: nil)
        plan.isDirected = true
        plan.turns.idle = .seconds(3600)
        change(&plan)
        conversation = Conversation(plan: plan)
        take(.opened)
    }

    mutating func take(_ event: ConversationEvent) {
        now = now + .milliseconds(10)
        effects = conversation.handle(event, at: now)
    }

    mutating func direct(_ direction: Direction) { take(.client(.direct(direction))) }

    var reports: [ReplyReport] { effects.compactMap { if case .send(.report(let report)) = $0 { report } else { nil } } }
    /// Packets that went out in the last event.
    var sentPackets: Int { effects.count { if case .sendAudio = $0 { true } else { false } } }
}
