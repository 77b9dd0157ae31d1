import Audio
import Foundation
import Gateway
import NIOCore
import OpusCodec
import Synchronization
import Wire

/// A caller that follows a script over a real connection in real time, and keeps what was said and heard.
final class CallClient: Sendable {
    struct Options: Sendable {
        var url: String
        var key: String?
        var agent: String?
        var language: String?
        var variables: [String: String] = [:]
        var line = CallerLine.wideBand
        /// Percent of packets that are not sent.
        var loss = 0
        /// Each event as it comes, for people.
        var show: @Sendable (String) -> Void = { _ in }
    }

    /// What the events so far have told.
    struct Progress {
        var token: String?
        var lastSeq = 0
        var state = ServerEvent.State.listening
        var replies = 0
        var report = CallReport()
        var isClosed = false
    }

    let options: Options
    let group: any EventLoopGroup
    let side = CallerSide()
    let progress = Mutex(Progress())
    private let connection = Mutex<CallLink?>(nil)
    private let sequence = Atomic<UInt32>(0)

    init(_ options: Options, group: any EventLoopGroup) { (self.options, self.group) = (options, group) }

    /// Makes the call.
    ///
    /// - Throws: `NativeClient.Failure` where the call is refused, ``Failure`` where it breaks.
    func run(_ steps: [CallStep]) async throws -> CallReport {
        try await connect(resume: nil)
        let marks = try await withThrowingTaskGroup(of: [Mark]?.self) { group in
            group.addTask {
                do { try await self.keepTime() } catch is CancellationError {}
                return nil
            }
            group.addTask {
                do { return try await self.follow(steps) } catch is CancellationError { return [] }
            }
            while let result = try await group.next() {
                guard let marks = result else { continue }
                group.cancelAll()
                return marks
            }
            return []
        }
        await current?.close()
        var report = progress.withLock { $0.report }
        let tracks = side.tracks
        report.caller = PCMAudio(sampleRate: CallerSide.inputRate, samples: tracks.caller)
        report.agent = PCMAudio(sampleRate: CallerSide.outputRate, samples: tracks.agent)
        report.turns = marks.enumerated().map { index, mark in
            let next = index + 1 < marks.count ? marks[index + 1] : nil
            let heardAfter = HeardLatency.after(mark.tick, of: mark.length, until: next?.tick, in: tracks)
            var turn = CallReport.Turn(label: mark.label, heardAfter: heardAfter)
            turn.recognized = report.conversation[mark.lines..<(next?.lines ?? report.conversation.count)].filter { $0.who == "caller" }.map(\.text)
            turn.metrics = report.metrics[mark.records..<(next?.records ?? report.metrics.count)].map(\.line)
            return turn
        }
        return report
    }

    /// Where in the call a clip was begun, in ticks.
    struct Mark: Sendable {
        var label: String
        var tick: Int
        var length: Int
        /// Lines of the conversation, and latency records, that were there before.
        var lines: Int
        var records: Int
    }

    var current: CallLink? { connection.withLock { $0 } }

    private func connect(resume: SessionStart.Resume?) async throws {
        switch options.line {
        case .wideBand: try await connectNative(resume: resume)
        case .telephone: try await connectTelephone()
        }
    }

    func use(_ link: CallLink) { connection.withLock { $0 = link } }

    private func connectNative(resume: SessionStart.Resume?) async throws {
        let client = try await NativeClient.connect(to: options.url, key: options.key, group: group)
        use(.native(client))
        let start = SessionStart(
            agent: options.agent, language: options.language, variables: options.variables,
            input: AudioFormat(sampleRate: CallerSide.inputRate), output: AudioFormat(sampleRate: CallerSide.outputRate), resume: resume,
            client: "parley-call/1")
        try await client.send(.start(start))
        let decoder = Mutex(try OpusDecoder(sampleRate: CallerSide.outputRate))
        Task { [weak self] in
            for await received in client.received {
                guard let self else { return }
                await self.take(received, client, decoder)
            }
        }
    }

    // MARK: the clock

    /// Sends and plays 20 ms at a time, on absolute deadlines.
    private func keepTime() async throws {
        var encoder = try LineEncoder(options.line, loss: options.loss)
        var telephone = try TelephoneSound()
        let clock = ContinuousClock()
        var due = clock.now
        var losses = SystemRandomNumberGenerator()
        while !Task.isCancelled, !progress.withLock({ $0.isClosed }) {
            let isLost = Int.random(in: 0..<100, using: &losses) < options.loss
            switch current {
            case .telephone(let client):
                let frame = side.speak()
                let packet = try encoder.encode(frame)
                let played = (try? await client.pass(isLost ? nil : packet)) ?? []
                side.note(said: frame, heard: telephone.hear(played))
            case .native(let client): try await pass(over: client, isLost: isLost, &encoder)
            case nil: try await pass(over: nil, isLost: true, &encoder)
            }
            due += .milliseconds(20)
            try await clock.sleep(until: due)
        }
    }

    private func pass(over client: NativeClient?, isLost: Bool, _ encoder: inout LineEncoder) async throws {
        let packet = try encoder.encode(side.tick())
        let number = sequence.add(1, ordering: .relaxed).oldValue
        guard let client else { return }
        if !isLost { try? await client.send(AudioPacketHeader(sequence: number, time: number &* 960), payload: packet) }
        guard number.isMultiple(of: 5), let playout = side.playout else { return }
        try? await client.send(.playout(epoch: playout.epoch, milliseconds: playout.milliseconds))
    }

    // MARK: the script

    private func follow(_ steps: [CallStep]) async throws -> [Mark] {
        var marks: [Mark] = []
        var replies = 0
        let poll = Duration.milliseconds(10)
        func until(_ limit: Duration, _ isDone: () -> Bool) async throws {
            let end = ContinuousClock.now + limit
            while !isDone(), ContinuousClock.now < end {
                if progress.withLock({ $0.isClosed }) { return }
                try await Task.sleep(for: poll)
            }
        }
        try await until(.seconds(15)) { progress.withLock { $0.token != nil } }
        guard progress.withLock({ $0.token != nil }) else { throw Failure("call.not_started: the server did not begin the session") }
        for step in steps {
            switch step {
            case .say(let audio, let label):
                let before = progress.withLock { ($0.replies, $0.report.conversation.count, $0.report.metrics.count) }
                replies = before.0
                marks.append(
                    Mark(label: label, tick: side.ticks, length: audio.samples.count / 320, lines: before.1, records: before.2))
                side.say(audio)
                try await until(audio.duration + .seconds(5)) { side.isSilent }
            case .awaitReply:
                try await until(.seconds(40)) { progress.withLock { $0.replies > replies && $0.state == .listening } }
            case .awaitSpeech(let duration): try await until(.seconds(30)) { side.agentSound >= duration }
            case .wait(let duration): try await Task.sleep(for: duration)
            case .cancelReply:
                // Nobody can be stopped by hand on a telephone: there it is waited for.
                try await current?.send(.cancelReply)
                try await until(options.line == .telephone ? .seconds(40) : .seconds(5)) { progress.withLock { $0.state == .listening } }
            case .reconnect(let after): try await reconnect(after: after)
            }
        }
        return marks
    }

    private func reconnect(after pause: Duration) async throws {
        let (token, seq) = progress.withLock { ($0.token, $0.lastSeq) }
        let old = connection.withLock { $0.take() }
        if case .native(let client) = old { await client.abandon() }
        try await Task.sleep(for: pause)
        guard let token else { return }
        try await connect(resume: SessionStart.Resume(token: token, lastSeq: seq))
    }
}
