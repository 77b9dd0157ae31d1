import Gateway
import Wire

/// One connection's client: keeps everything that came, with its time, and waits for what a test asks for.
final class Caller: Sendable {
    /// The connection ended, or the test's time did, before what was waited for came.
    struct Missed: Error { let events: [String] }

    let client: NativeClient
    private let arrivals = Arrivals<NativeClient.Received>()

    init(_ client: NativeClient) {
        self.client = client
        Task { [weak self] in
            for await received in client.received { self?.arrivals.take(received) }
            self?.arrivals.end()
        }
    }

    /// Everything so far.
    var all: [Arrivals<NativeClient.Received>.Arrival] { arrivals.all }
    /// A mark to wait from.
    var count: Int { arrivals.count }

    /// What came from a mark on, as soon as `match` finds something in one element.
    func first<T: Sendable>(from mark: Int = 0, _ match: (NativeClient.Received) -> T?) async throws -> T {
        try await firstPlace(from: mark, match).found
    }

    func firstPlace<T: Sendable>(from mark: Int = 0, _ match: (NativeClient.Received) -> T?) async throws -> (found: T, place: Int) {
        guard let first = await arrivals.first(from: mark, match) else { throw Missed(events: texts(all)) }
        return first
    }

    func event<T: Sendable>(from mark: Int = 0, _ match: (ServerEvent) -> T?) async throws -> T {
        try await eventPlace(from: mark, match).found
    }

    func eventPlace<T: Sendable>(from mark: Int = 0, _ match: (ServerEvent) -> T?) async throws -> (found: T, place: Int) {
        try await firstPlace(from: mark) { received in
            guard case .event(let numbered) = received else { return nil }
            return match(numbered.event)
        }
    }

    func send(_ event: ClientEvent) async throws { try await client.send(event) }

    // MARK: what tests wait for

    func ready(from mark: Int = 0) async throws -> SessionReady {
        try await event(from: mark) { if case .ready(let ready) = $0 { ready } else { nil } }
    }

    func state(_ wanted: ServerEvent.State, from mark: Int = 0) async throws {
        _ = try await event(from: mark) { event -> Bool? in
            if case .state(let state, _) = event { state == wanted ? true : nil } else { nil }
        }
    }

    func userFinal(from mark: Int = 0) async throws -> String {
        try await event(from: mark) { if case .userFinal(_, let text) = $0 { text } else { nil } }
    }

    func text(from mark: Int = 0) async throws -> AgentText {
        try await event(from: mark) { if case .agentText(let text) = $0 { text } else { nil } }
    }

    func finished(from mark: Int = 0) async throws -> (epoch: UInt16, reason: ServerEvent.FinishReason, heard: String) {
        try await event(from: mark) {
            if case .agentFinished(_, let epoch, let reason, let heard) = $0 { (epoch, reason, heard) } else { nil }
        }
    }

    func metrics(from mark: Int = 0) async throws -> TurnMetrics {
        try await event(from: mark) { if case .metrics(let metrics) = $0 { metrics } else { nil } }
    }

    func error(from mark: Int = 0) async throws -> WireError {
        try await event(from: mark) { if case .error(let error) = $0 { error } else { nil } }
    }

    func audio(from mark: Int = 0, epoch: UInt16? = nil) async throws -> AudioPacketHeader {
        try await audio(from: mark) { epoch == nil || $0.epoch == epoch }
    }

    func audio(from mark: Int = 0, where isWanted: (AudioPacketHeader) -> Bool) async throws -> AudioPacketHeader {
        try await first(from: mark) { received in
            guard case .audio(let header, _) = received, isWanted(header) else { return nil }
            return header
        }
    }

    func closed() async throws -> UInt16? {
        try await first { received -> UInt16?? in
            if case .closed(let code, _) = received { .some(code) } else { .none }
        }
    }

    /// Waits until the agent has said its greeting and listens.
    func greeted() async throws {
        _ = try await finished()
        try await state(.listening)
    }

    /// Types a turn and waits for the end of its reply and its record.
    func ask(_ text: String) async throws -> (heard: String, metrics: TurnMetrics) {
        let mark = count
        try await send(.text(text))
        _ = try await userFinal(from: mark)
        let finished = try await finished(from: mark)
        return (finished.heard, try await metrics(from: mark))
    }

    // MARK: what came

    var events: [NumberedEvent] { timedEvents.map(\.event) }
    var timedEvents: [(at: ContinuousClock.Instant, event: NumberedEvent)] {
        all.compactMap { heard in
            guard case .event(let numbered) = heard.received else { return nil }
            return (heard.at, numbered)
        }
    }
    /// Numbers of events that are not one more than that of the event before; the first should have the given one. The answer to a resumption
    /// has the number 0, to be passed over where there is one.
    func misnumbered(from first: Int = 1, passingOver zero: Int? = nil) -> [Int] {
        events.map(\.seq).filter { $0 != zero }.enumerated().filter { $0.element != first + $0.offset }.map(\.element)
    }
    var packets: [(at: ContinuousClock.Instant, header: AudioPacketHeader, payload: [UInt8])] {
        all.compactMap { heard in
            guard case .audio(let header, let payload) = heard.received else { return nil }
            return (heard.at, header, payload)
        }
    }
    func headers(from mark: Int) -> [AudioPacketHeader] {
        all[mark...].compactMap { heard in
            guard case .audio(let header, _) = heard.received else { return nil }
            return header
        }
    }
    var texts: [AgentText] {
        events.compactMap { event in
            guard case .agentText(let text) = event.event else { return nil }
            return text
        }
    }

    private func texts(_ heard: [Arrivals<NativeClient.Received>.Arrival]) -> [String] {
        heard.compactMap { heard in
            switch heard.received {
            case .event(let numbered): "\(numbered.seq) \(numbered.event)"
            case .audio: nil
            case .unknown(let error): "\(error)"
            case .closed(let code, let reason): "closed \(code ?? 0) \(reason)"
            }
        }
    }
}
