import NIOCore
import Sessions
import Synchronization
import Wire

/// A host whose sessions echo; what happens to it can be awaited.
final class ScriptedHost: CallHost {
    enum Note: Equatable, Sendable {
        case admitted(String), left(UInt64), opened(SessionStart), event(ClientEvent), audio(AudioPacketHeader, [UInt8]), lost

        /// Whether a place was given back, or a session was told of a loss.
        var endsCall: Bool {
            switch self {
            case .left, .lost: true
            default: false
            }
        }
    }

    struct Broken: Error {}

    let notes: AsyncStream<Note>
    private let sink: AsyncStream<Note>.Continuation
    private let refusal: CallRefusal?
    private let gate: AsyncStream<Void>?
    private let admitted = Atomic<UInt64>(0)
    private let left = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - refusal: What everybody is told.
    ///   - gate: Opening a session waits for its end.
    ///   - keeps: Notes that may wait for somebody to look at them; older ones are dropped.
    init(refusal: CallRefusal? = nil, gate: AsyncStream<Void>? = nil, keeps: Int = .max) {
        (self.refusal, self.gate) = (refusal, gate)
        (notes, sink) = AsyncStream.makeStream(of: Note.self, bufferingPolicy: .bufferingNewest(keeps))
    }

    var places: Int { Int(admitted.load(ordering: .relaxed)) - Int(left.load(ordering: .relaxed)) }
    var leaves: Int { Int(left.load(ordering: .relaxed)) }

    func note(_ note: Note) { sink.yield(note) }

    /// Waits for the next note that fits.
    func next(where fits: (Note) -> Bool) async -> Note? {
        for await note in notes where fits(note) { return note }
        return nil
    }

    func admit(tenant: String) async -> Result<Admission, CallRefusal> {
        if let refusal { return .failure(refusal) }
        let number = admitted.add(1, ordering: .relaxed).newValue
        note(.admitted(tenant))
        return .success(Admission(number: number, tenant: tenant))
    }

    func open(_ start: SessionStart, admission: Admission, transport: any CallTransport & Sendable, on loop: any EventLoop) async throws
        -> any CallSession
    {
        note(.opened(start))
        if let gate { for await _ in gate {} }
        if start.agent == "missing" { throw CallRefusal(status: 404, code: "session.unknown_agent", message: "there is no such agent") }
        if start.agent == "broken" { throw Broken() }
        let session = EchoSession(host: self, transport: transport, resumed: start.resume)
        try await loop.submit { session.begin(start) }.get()
        return session
    }

    func leave(_ admission: Admission) async {
        left.add(1, ordering: .relaxed)
        note(.left(admission.number))
    }
}

final class EchoSession: CallSession {
    private let host: ScriptedHost
    private let transport: any CallTransport & Sendable
    private let resumed: SessionStart.Resume?
    private let seq: Atomic<Int>

    init(host: ScriptedHost, transport: any CallTransport & Sendable, resumed: SessionStart.Resume?) {
        (self.host, self.transport, self.resumed) = (host, transport, resumed)
        seq = Atomic(resumed?.lastSeq ?? 0)
    }

    func begin(_ start: SessionStart) {
        send(
            .ready(
                SessionReady(
                    session: "s", resumeToken: resumed?.token ?? "fresh", resumed: resumed != nil, agent: start.agent ?? "default",
                    language: start.language ?? "en", input: start.input, output: start.output, limits: SessionLimits(), engines: [:])))
    }

    func receive(_ header: AudioPacketHeader, payload: Span<UInt8>) {
        let bytes = payload.indices.map { payload[$0] }
        host.note(.audio(header, bytes))
        transport.send(header, payload: bytes)
    }

    func receive(_ event: ClientEvent) {
        host.note(.event(event))
        switch event {
        case .text("flood"):
            let text = String(repeating: "x", count: 60_000)
            for turn in 0..<40 { send(.userFinal(turn: turn, text: text)) }
        case .text("close"): transport.close(code: 4400, reason: "as asked")
        case .text(let text): send(.userFinal(turn: 1, text: text))
        case .ping(let number): send(.pong(number))
        case .end:
            send(.ended(reason: "hangup"))
            transport.close(code: 1000, reason: "ended")
        default: break
        }
    }

    func transportLost() { host.note(.lost) }

    private func send(_ event: ServerEvent) {
        transport.send(event, seq: seq.add(1, ordering: .relaxed).newValue, at: .milliseconds(20))
    }
}
