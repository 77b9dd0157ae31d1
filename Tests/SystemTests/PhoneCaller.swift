import Audio
import Foundation
import Gateway
import HTTPTestServer
import NIOPosix
import Synchronization
import Wire

/// A caller by telephone over Twilio's media stream: speaks and plays 20 ms every 20 ms, and keeps everything that came.
final class PhoneCaller: Sendable {
    /// What happened on the line, in order.
    enum Happening: Sendable, Equatable {
        case received(TwilioClient.Received)
        /// So many milliseconds were played since the call began.
        case played(Int)
    }

    /// The connection ended, or the test's time did, before what was waited for came.
    struct Missed: Error { let happenings: [String] }

    private struct Speech {
        var waiting: [UInt8] = []
        var done: TestEvent?
    }

    let client: TwilioClient
    private let arrivals = Arrivals<Happening>()
    private let speech = Mutex(Speech())
    private let clock = Mutex<Task<Void, Never>?>(nil)

    /// Calls a server over its telephone door.
    static func call(_ server: ServerProcess, parameters: [String: String] = [:]) async throws -> PhoneCaller {
        PhoneCaller(
            try await TwilioClient.connect(
                to: "ws://127.0.0.1:\(server.port)/v1/phone/twilio", parameters: parameters, group: MultiThreadedEventLoopGroup.singleton))
    }

    private init(_ client: TwilioClient) {
        self.client = client
        Task { [weak self] in
            for await received in client.received { self?.arrivals.take(.received(received)) }
            self?.arrivals.end()
        }
        let ticking = Task { [weak self] in
            let clock = ContinuousClock()
            var due = clock.now
            var played = 0
            while !Task.isCancelled {
                guard let self, (try? await self.pass(&played)) != nil else { return }
                due += .milliseconds(20)
                guard (try? await clock.sleep(until: due)) != nil else { return }
            }
        }
        clock.withLock { $0 = ticking }
    }

    deinit { clock.withLock { $0?.cancel() } }

    private func pass(_ played: inout Int) async throws {
        let (voice, done) = speech.withLock { speech in
            let frame = Array(speech.waiting.prefix(TwilioLine.frame))
            speech.waiting.removeFirst(frame.count)
            guard speech.waiting.isEmpty, let done = speech.done else { return (frame, TestEvent?.none) }
            speech.done = nil
            return (frame, done)
        }
        let sound = try await client.pass(voice)
        done?.set()
        guard !sound.isEmpty else { return }
        played += sound.count / 8
        arrivals.take(.played(played))
    }

    /// Says something; returns when its last piece is out.
    ///
    /// - Parameter voice: 8 kHz.
    func say(_ voice: PCMAudio) async {
        precondition(voice.sampleRate == 8_000)
        let event = TestEvent()
        speech.withLock { speech in
            speech.waiting += G711.muLaw.encode(voice.samples)
            speech.done = event
        }
        await event.happened()
    }

    // MARK: what came

    var all: [Happening] { arrivals.all.map(\.received) }
    var count: Int { arrivals.count }
    /// Everything the server said.
    var said: [TwilioLine.Heard] {
        all.compactMap { happening in
            guard case .received(.heard(let heard)) = happening else { return nil }
            return heard
        }
    }
    var clears: Int { said.count { if case .clear = $0 { true } else { false } } }
    /// The marks that came from a place on.
    func marks(from place: Int) -> [String] {
        all[place...].compactMap { happening in
            guard case .received(.heard(.mark(let name))) = happening else { return nil }
            return name
        }
    }
    /// What Twilio would not have taken.
    var refused: [WireError] {
        all.compactMap { happening in
            guard case .received(.unknown(let error)) = happening else { return nil }
            return error
        }
    }
    /// The agent's sound that came from a place on, up to another.
    func sound(from place: Int, upTo end: Int = .max) -> [Float] {
        let all = all
        return all[place..<min(end, all.count)].flatMap { happening -> [Float] in
            guard case .received(.heard(.media(let payload))) = happening else { return [] }
            return G711.muLaw.decode(payload)
        }
    }
    /// Milliseconds played before a place.
    func played(upTo place: Int) -> Int {
        for case .played(let total) in all[..<place].reversed() { return total }
        return 0
    }

    @discardableResult func first<T: Sendable>(from mark: Int = 0, _ match: (Happening) -> T?) async throws -> (found: T, place: Int) {
        guard let first = await arrivals.first(from: mark, match) else { throw Missed(happenings: all.map { "\($0)" }.suffix(50)) }
        return first
    }

    func heard<T: Sendable>(from mark: Int = 0, _ match: (TwilioLine.Heard) -> T?) async throws -> (found: T, place: Int) {
        try await first(from: mark) { happening in
            guard case .received(.heard(let heard)) = happening else { return nil }
            return match(heard)
        }
    }

    /// Waits for the next sound of the agent's.
    @discardableResult func media(from mark: Int = 0) async throws -> Int {
        try await heard(from: mark) { heard -> Bool? in if case .media = heard { true } else { nil } }.place
    }

    /// Hangs up and waits for the server's goodbye.
    func hangUp() async throws -> UInt16? {
        try await client.hangUp()
        return try await first { happening -> UInt16?? in
            if case .received(.closed(let code)) = happening { .some(code) } else { .none }
        }.found
    }
}
