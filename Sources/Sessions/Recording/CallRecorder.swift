internal import Engines
package import OpusCodec
internal import Synchronization
package import Turns
package import Wire

/// Records every call as a ``RecordedCall`` and hands it over when the call ends, or in between when asked.
///
/// What is kept of one call is bounded; beyond it the recording ends early and says so by ending with a hang-up.
package final class CallRecorder: SessionObserver {
    /// Takes a finished recording: its session's name, the recording, the live timeline.
    package typealias Deliver = @Sendable (String, RecordedCall, CallTimeline) -> Void

    private static let maximumBytes = 64 << 20
    /// What an event is taken to cost on the average.
    private static let eventBytes = 256

    private let tapes = Mutex<[String: CallTape]>([:])
    private let engines: [String: String]
    private let deliver: Deliver

    package var seesPackets: Bool { true }

    package init(engines: [String: String], deliver: @escaping Deliver) { (self.engines, self.deliver) = (engines, deliver) }

    package func began(id: String, ear: Ear, plan: CallPlan, phase: Int) {
        tapes.withLock { $0[id] = CallTape(RecordedCall(plan: plan, engines: engines, phase: phase)) }
        ear.onWindow = { [weak self] probability in self?.change(id) { $0.call.voice.append(Int((probability * 1000).rounded(.down))) } }
    }

    package func received(_ header: AudioPacketHeader, _ payload: Span<UInt8>, at now: Instant, session: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count)
        for index in payload.indices { bytes.append(payload[index]) }
        let packet = RecordedCall.Packet(at: Self.microseconds(now), header: header, payload: bytes)
        change(session) { tape in
            tape.call.packets.append(packet)
            tape.bytes += packet.payload.count + 32
            guard tape.bytes > Self.maximumBytes else { return }
            tape.call.moments.append(RecordedCall.Moment(at: packet.at, kind: .hangUp("recording_full")))
            tape.isFull = true
        }
    }

    package func handles(_ event: ConversationEvent, at now: Instant, session: String) {
        change(session) { tape in
            let at = Self.microseconds(now)
            tape.bytes += Self.eventBytes
            switch event {
            case .client(let client):
                if case .direct(.insert(let item)) = client { tape.bytes += item.sound?.bytes.count ?? 0 }
                tape.call.moments.append(RecordedCall.Moment(at: at, kind: .client(client)))
            case .transportLost: tape.call.moments.append(RecordedCall.Moment(at: at, kind: .transportLost))
            case .transportBack: tape.call.moments.append(RecordedCall.Moment(at: at, kind: .transportBack))
            case .drain(let within): tape.call.moments.append(RecordedCall.Moment(at: at, kind: .drain(within: within)))
            case .hangUp(let reason): tape.call.moments.append(RecordedCall.Moment(at: at, kind: .hangUp(reason)))
            case .endOfTurn(let token, let result): tape.note(.endOfTurn, .endOfTurn(token), now, result.body { .probability($0) })
            case .transcript(let token, let result): tape.note(.recognize, .recognition(token), now, result.body { .transcript($0) })
            case .partial(let number, let result): tape.note(.partial, .partial(number), now, result.body { .transcript($0) })
            case .replyText(let token, let text): tape.note(.answer, .answer(token), now, .text(text))
            case .replyCall(let token, let piece): if let body = RecordedCall.Answer.Body(piece) { tape.note(.answer, .answer(token), now, body) }
            case .replyEnded(let token, let result): tape.note(.answer, .answer(token), now, result.body { .textEnd($0.finish.rawValue) })
            case .speech(let token, let sentence, let packets, _, let words):
                tape.note(.speak, .speech(token, sentence), now, .speech(packets: packets.count, words: words))
            case .speechEnded(let token, let sentence, let result):
                tape.note(.speak, .speech(token, sentence), now, result.body { .speechEnd($0) })
            case .opened, .voice, .utteranceFull, .timer, .tick: break  // follow from the rest
            }
        }
    }

    package func wants(_ effect: ConversationEffect, at now: Instant, session: String) {
        change(session) { tape in
            tape.timeline.note(effect, at: now)
            switch effect {
            case .askEndOfTurn(let token): tape.ask(.endOfTurn, .endOfTurn(token), now)
            case .recognize(let token), .transcribe(let token, _): tape.ask(.recognize, .recognition(token), now)
            case .recognizePartial(let number): tape.ask(.partial, .partial(number), now)
            case .answer(let token, _): tape.ask(.answer, .answer(token), now)
            case .speak(let token, let sentence, _): tape.ask(.speak, .speech(token, sentence), now)
            case .startTimer, .dropUtterance, .cancelPartial, .cancelRecognition, .cancelReply, .send, .sendAudio, .sound, .startPacing, .stopPacing,
                .mute, .listen,
                .close:
                break
            }
        }
    }

    package func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters) {
        guard var tape = tapes.withLock({ $0.removeValue(forKey: session) }) else { return }
        tape.timeline.finish()
        deliver(session, tape.call, tape.timeline)
    }

    private func change(_ session: String, _ body: (inout CallTape) -> Void) {
        tapes.withLock { tapes in
            guard var tape = tapes.removeValue(forKey: session) else { return }  // so that it is not copied
            if !tape.isFull { body(&tape) }
            tapes[session] = tape
        }
    }

    private static func microseconds(_ instant: Instant) -> Int { Int(instant.sinceStart / .microseconds(1)) }
}
