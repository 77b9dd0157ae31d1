package import OpusCodec
package import Turns
package import Wire

/// Sees everything that happens in a session, in order, and changes nothing: records, metrics. Called on the session's loop.
package protocol SessionObserver: Sendable {
    /// Whether ``received(_:_:at:session:)`` is of interest.
    var seesPackets: Bool { get }
    /// - Parameter phase: Samples of silence that the first detector window began with.
    func began(id: String, ear: Ear, plan: CallPlan, phase: Int)
    func received(_ header: AudioPacketHeader, _ payload: Span<UInt8>, at now: Instant, session: String)
    func handles(_ event: ConversationEvent, at now: Instant, session: String)
    func wants(_ effect: ConversationEffect, at now: Instant, session: String)
    /// - Parameter heard: What became of the caller's packets.
    func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters)
}

extension SessionObserver {
    package var seesPackets: Bool { false }
    package func began(id: String, ear: Ear, plan: CallPlan, phase: Int) {}
    package func received(_ header: AudioPacketHeader, _ payload: Span<UInt8>, at now: Instant, session: String) {}
    package func handles(_ event: ConversationEvent, at now: Instant, session: String) {}
    package func wants(_ effect: ConversationEffect, at now: Instant, session: String) {}
    package func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters) {}
}

/// Several observers as one.
package struct SessionObservers: SessionObserver {
    private let all: [any SessionObserver]
    private let packets: [any SessionObserver]

    package init(_ all: [any SessionObserver]) {
        // Several within several are taken apart: a packet goes through all of them.
        let each = all.flatMap { ($0 as? SessionObservers)?.all ?? [$0] }
        (self.all, packets) = (each, each.filter(\.seesPackets))
    }

    package var seesPackets: Bool { !packets.isEmpty }

    package func began(id: String, ear: Ear, plan: CallPlan, phase: Int) {
        for one in all { one.began(id: id, ear: ear, plan: plan, phase: phase) }
    }
    package func received(_ header: AudioPacketHeader, _ payload: Span<UInt8>, at now: Instant, session: String) {
        for one in packets { one.received(header, payload, at: now, session: session) }
    }
    package func handles(_ event: ConversationEvent, at now: Instant, session: String) {
        for one in all { one.handles(event, at: now, session: session) }
    }
    package func wants(_ effect: ConversationEffect, at now: Instant, session: String) {
        for one in all { one.wants(effect, at: now, session: session) }
    }
    package func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters) {
        for one in all { one.ended(session: session, reason: reason, heard: heard) }
    }
}
