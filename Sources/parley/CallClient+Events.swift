import Audio
import Gateway
import OpusCodec
import Synchronization
import Wire

extension CallClient {
    func take(_ received: NativeClient.Received, _ client: NativeClient, _ decoder: borrowing Mutex<OpusDecoder>) async {
        switch received {
        case .audio(let header, let payload):
            let samples = decoder.withLock { decoder in
                var samples = [Float](repeating: 0, count: decoder.longestPacket)
                var output = samples.mutableSpan
                let count = (try? decoder.decode(payload.span, into: &output)) ?? 0
                return Array(samples.prefix(count))
            }
            side.receive(samples, epoch: header.epoch, sequence: header.sequence)
        case .event(let numbered): await take(numbered, over: .native(client))
        case .unknown(let error): progress.withLock { $0.report.errors.append(error.code) }
        case .closed(let code, _):
            progress.withLock { progress in
                // A connection that was broken on purpose closes without a code while another one takes its place.
                guard let code else { return }
                progress.report.closeCode = code
                progress.isClosed = true
            }
        }
    }

    func take(_ numbered: NumberedEvent, over link: CallLink) async {
        progress.withLock { $0.lastSeq = max($0.lastSeq, numbered.seq) }
        let seconds = String(Double(Int(numbered.time / .milliseconds(10))) / 100)
        switch numbered.event {
        case .ready(let ready):
            progress.withLock { $0.token = ready.resumeToken }
            options.show("\(seconds) s  session \(ready.session) \(ready.resumed ? "resumed" : "ready"), agent \(ready.agent)")
        case .state(let state, _): progress.withLock { $0.state = state }
        case .userPartial(_, let text): options.show("\(seconds) s  caller ~ \(text)")
        case .userFinal(_, let text):
            progress.withLock { $0.report.conversation.append(("caller", text)) }
            options.show("\(seconds) s  caller: \(text)")
        case .agentText(let text): if text.duration == nil { options.show("\(seconds) s  agent ~ \(text.text)") }
        case .agentFinished(_, _, let reason, let heard):
            progress.withLock { progress in
                progress.replies += 1
                if !heard.isEmpty { progress.report.conversation.append(("agent", reason == .completed ? heard : "\(heard) [\(reason.rawValue)]")) }
            }
            options.show("\(seconds) s  agent \(reason.rawValue), heard: \(heard)")
        case .hold:
            side.hold()
            // Where it stopped, so that the reply goes on with the very word.
            if let playout = side.playout { try? await link.send(.playout(epoch: playout.epoch, milliseconds: playout.milliseconds)) }
        case .resume(let epoch, let position, let sequence): side.resume(epoch, at: Int(position / .milliseconds(1)), from: sequence)
        case .flush(let epoch, _):
            let heard = side.flush(epoch)
            try? await link.send(.flushed(epoch: epoch, milliseconds: heard))
        case .metrics(let metrics): note(metrics, seconds)
        case .error(let error):
            progress.withLock { $0.report.errors.append(error.code) }
            options.show("\(seconds) s  error \(error.code): \(error.message)")
        case .ending(let reason, _): options.show("\(seconds) s  ending: \(reason)")
        case .ended(let reason): options.show("\(seconds) s  ended: \(reason)")
        case .speechStarted, .speechStopped, .agentStarted, .report, .pong: break
        }
    }

    private func note(_ metrics: TurnMetrics, _ seconds: String) {
        let parts =
            "endpointing \(metrics.endpointing) + recognition \(metrics.recognition) + first token \(metrics.firstToken) + "
            + "first sentence \(metrics.firstSentence) + first audio \(metrics.firstAudio) + playout \(metrics.playoutStart)"
        let cause = metrics.cause.map { " (\($0))" } ?? ""
        let line = "turn \(metrics.turn) \(metrics.outcome.rawValue)\(cause): \(metrics.total) ms = \(parts); heard by \(metrics.heardBy)"
        progress.withLock { $0.report.metrics.append((metrics.turn, metrics.total, line)) }
        options.show("\(seconds) s  \(line)")
    }
}
