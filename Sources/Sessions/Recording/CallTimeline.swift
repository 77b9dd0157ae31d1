internal import Engines
package import Turns
internal import Wire

/// What a call decided and sent, as lines of text with their times: the same call gives the same bytes.
///
/// Runs of audio packets are one line. Timers and encodings of audio are not part of it.
package struct CallTimeline: Sendable, Equatable {
    package private(set) var lines: [String] = []
    private var run: (epoch: UInt16, first: Instant, count: Int, from: UInt32)?

    package init() {}

    package static func == (a: CallTimeline, b: CallTimeline) -> Bool { a.lines == b.lines }

    package mutating func note(_ effect: ConversationEffect, at now: Instant) {
        if case .sendAudio(let header, _) = effect {
            if let current = run, current.epoch == header.epoch, !header.flags.contains(.start) {
                run?.count += 1
            } else {
                endRun()
                run = (header.epoch, now, 1, header.sequence)
            }
            return
        }
        guard let text = Self.describe(effect) else { return }
        endRun()
        add(text, at: now)
    }

    /// Adds why something was decided, indented below it.
    package mutating func note(_ reason: TurnReason, at now: Instant) {
        endRun()
        add("  because: \(reason.text)", at: now)
    }

    package mutating func finish() { endRun() }

    private mutating func endRun() {
        guard let run else { return }
        self.run = nil
        add("audio epoch \(run.epoch): \(run.count) packets from \(run.from)", at: run.first)
    }

    private mutating func add(_ text: String, at now: Instant) {
        let milliseconds = String(Int(now.sinceStart / .milliseconds(1)))
        lines.append(String(repeating: " ", count: max(0, 8 - milliseconds.count)) + "\(milliseconds)  \(text)")
    }

    private static func describe(_ effect: ConversationEffect) -> String? {
        switch effect {
        case .startTimer, .sendAudio, .sound, .startPacing, .stopPacing: nil
        case .dropUtterance: "drop utterance"
        case .askEndOfTurn: "ask end of turn"
        case .recognize: "recognize"
        case .transcribe(_, let sound): "recognize \(sound.bytes.count) bytes"
        case .recognizePartial: "recognize partial"
        case .cancelPartial: "cancel partial"
        case .cancelRecognition: "cancel recognition"
        case .answer(_, let request): "answer after \(request.messages.count) messages"
        case .speak(_, let sentence, let request): "speak \(sentence): \(request.text)"
        case .cancelReply: "cancel reply"
        case .listen(let listening): listening.isGathering ? "gather" : "listen"
        case .mute(let isMuted): isMuted ? "mute" : "unmute"
        case .close(let code, let reason): "close \(code) \(reason)"
        case .send(let event): describe(event)
        }
    }

    private static func describe(_ event: ServerEvent) -> String? {
        func ms(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }
        return switch event {
        case .ready, .pong: nil
        case .state(let state, let turn): "state \(state.rawValue) turn \(turn)"
        case .speechStarted(let at): "speech started at \(ms(at))"
        case .speechStopped(let at): "speech stopped at \(ms(at))"
        case .userPartial(let turn, let text): "user \(turn) ~ \(text)"
        case .userFinal(let turn, let text): "user \(turn): \(text)"
        case .agentStarted(let turn, let epoch): "agent \(turn) begins epoch \(epoch)"
        case .agentText(let text):
            "agent \(text.turn) at \(ms(text.start))\(text.duration.map { " for \(ms($0))" } ?? ""): \(text.text)"
        case .agentFinished(let turn, _, let reason, let heard): "agent \(turn) \(reason.rawValue), heard: \(heard)"
        case .hold(let epoch): "hold epoch \(epoch)"
        case .resume(let epoch, let position, let from): "resume epoch \(epoch) at \(ms(position)) from \(from)"
        case .flush(let epoch, let from): "flush epoch \(epoch) from \(from)"
        case .metrics(let metrics):
            "turn \(metrics.turn) \(metrics.outcome.rawValue)\(metrics.cause.map { " (\($0))" } ?? "") after \(metrics.total): "
                + "\(metrics.endpointing) + \(metrics.recognition) + \(metrics.firstToken) + \(metrics.firstSentence) + "
                + "\(metrics.firstAudio) + \(metrics.playoutStart), heard by \(metrics.heardBy)"
        case .report: event.type
        case .error(let error): "error \(error.code)"
        case .ending(let reason, let within): "ending (\(reason)) within \(ms(within))"
        case .ended(let reason): "ended (\(reason))"
        }
    }
}
