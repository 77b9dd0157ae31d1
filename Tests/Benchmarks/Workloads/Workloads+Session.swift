import EmbeddedEngines
import Engines
import Foundation
import Logging
import NIOCore
import NIOPosix
import Sessions
import Wire

/// Whole sessions on an event loop, and whole calls in virtual time.
func addSession(to all: inout Workloads) {
    all.measureThousands("Session on a packet, energy detector, quiet") {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let packets = try Sounds.quiet()
        let desk = try loop.submit { NIOLoopBound(try Desk(on: loop, packets), eventLoop: loop) }.wait()
        return { begin in
            begin()
            _ = try? loop.submit { desk.value.hear(1000) }.wait()
        }
    }
    all.measureThousands("Session, made, attached and ended") {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let desk = try loop.submit { NIOLoopBound(try Desk(on: loop, []), eventLoop: loop) }.wait()
        return { begin in
            begin()
            _ = try? loop.submit { for _ in 0..<1000 { try desk.value.call() } }.wait()
        }
    }
    all.measureOne("a recorded call in virtual time") {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Fixtures/calls/barge-in").path
        let call = try RecordedCall { FileManager.default.contents(atPath: "\(folder)/\($0)").map { [UInt8]($0) } }
        return {
            var virtual = try? VirtualCall(call)
            swallow(virtual?.run())
        }
    }
}

/// Where sessions live. Confined to its event loop.
private final class Desk {
    private struct Unseen: SessionObserver {}

    private let loop: any EventLoop
    private let packets: [[UInt8]]
    private let phrases = PhraseCache()
    private let logger: Logger
    private let ticker: NIOLoopBound<PacingTicker>
    private let round: NIOLoopBound<VoiceRound>
    private let engines = EngineSet(
        voice: EnergyDetectorMaker(), endOfTurn: nil, recognizer: Nobody(), languageModel: Nobody(), synthesizer: Nobody())
    private let plan = CallPlan(agent: "benchmark")
    private var session: Session?
    private var number = 0

    init(on loop: any EventLoop, _ packets: [[UInt8]]) throws {
        (self.loop, self.packets) = (loop, packets)
        var logger = Logger(label: "benchmark")
        logger.logLevel = .critical
        self.logger = logger
        ticker = NIOLoopBound(PacingTicker(loop: loop), eventLoop: loop)
        round = NIOLoopBound(VoiceRound(engines.voice, loop: loop), eventLoop: loop)
        session = try makeSession()
    }

    func hear(_ count: Int) {
        for _ in 0..<count {
            let header = AudioPacketHeader(sequence: UInt32(number), time: UInt32(number * 960))
            let packet = packets[number % packets.count]
            session?.receive(header, payload: packet.span)
            number += 1
        }
    }

    func call() throws {
        let session = try makeSession()
        let ready = SessionReady(
            session: session.id, resumeToken: "token", resumed: false, agent: "benchmark", language: "en", input: plan.input, output: plan.output,
            limits: plan.limits, engines: [:])
        session.assumeIsolated { _ = $0.attach(Nowhere(), ready: ready, after: nil) }
        session.receive(.end)
    }

    private func makeSession() throws -> Session {
        try Session(
            id: "benchmark", plan: plan, engines: engines, encoding: ReplyEncoding(), phrases: phrases, lane: CodingLane(loop: loop), loop: loop,
            ticker: ticker, round: round,
            strains: [], observer: Unseen(), logger: logger, phase: 0)
    }
}

/// A connection that takes everything.
private final class Nowhere: CallTransport, Sendable {
    let isWritable = true
    func send(_ event: ServerEvent, seq: Int, at time: Duration) { swallow(event.encoded(seq: seq, at: time)) }
    func send(_ header: AudioPacketHeader, payload: [UInt8]) {}
    func flush() {}
    func close(code: UInt16, reason: String) {}
}

/// An engine that is never asked.
private struct Nobody: Recognizer, LanguageModel, Synthesizer {
    let name = "nobody"
    let servesPartials = false
    func transcribe(_ request: RecognitionRequest) async throws -> Transcript { Transcript(text: "") }
    func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome { ChatOutcome(finish: .stop) }
    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {}
}
