internal import Logging
internal import NIOCore
internal import NIOWebSocket
internal import Sessions
internal import Wire

extension SocketConnection {
    /// Asks the host for the session; what comes meanwhile is kept.
    func open(_ start: SessionStart) {
        guard let context else { return }
        startTimer?.cancel()
        phase = .opening([])
        isOpening = true
        let loop = context.eventLoop
        let transport = SocketTransport(self, on: loop)
        let (host, admission) = (door.host, admission)
        loop.makeFutureWithTask { try await host.open(start, admission: admission, transport: transport, on: loop) }
            .assumeIsolated()
            .whenComplete { self.opened($0) }
    }

    private func opened(_ result: Result<any CallSession, any Error>) {
        isOpening = false
        switch (phase, result) {
        case (.opening(let kept), .success(let session)):
            phase = .open(session)
            for early in kept {
                // The session may close on any of them.
                guard case .open = phase else { return }
                switch early {
                case .event(let event): session.receive(event)
                case .audio(let header, let payload):
                    status.add(.audioIn)
                    session.receive(header, payload: payload.span)
                }
            }
            if case .open = phase { speaker.opened(on: self) }
        case (_, .success(let session)):
            guard !isClosedBySession else { return }
            if hasHungUp || speaker.hangsUp(closing: CloseCode.lost) { session.receive(.end) } else { session.transportLost() }
        case (.opening, .failure(let error)):
            status.add(.refusals)
            let refusal =
                error as? CallRefusal ?? CallRefusal(status: 500, code: "gateway.internal", message: "the session could not be opened")
            if !(error is CallRefusal) { door.logger.error("session not opened", metadata: ["error": "\(type(of: error))"]) }
            speaker.say(WireError(refusal.code, refusal.message, isFatal: true), on: self)
            close(code: refusal.status == 500 ? CloseCode.internalError : CloseCode.of(refusal), reason: refusal.code, overtakes: false)
        case (_, .failure): break
        }
    }

    func startTimers(on loop: any EventLoop) {
        let loop = loop.assumeIsolated()
        startTimer = loop.scheduleTask(in: TimeAmount(settings.start)) { [weak self] in
            guard let self, case .waiting = self.phase else { return }
            self.timeOut("session.start did not come in time")
        }
        schedulePing()
        watchIdle(after: TimeAmount(settings.idle))
    }

    /// One timer in flight: it looks when the last message came instead of being set anew by each.
    private func watchIdle(after delay: TimeAmount) {
        idleTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self else { return }
            if case .closing = self.phase { return }
            let rest = self.lastMessage + TimeAmount(self.settings.idle) - .now()
            if rest <= .zero { self.timeOut("nothing was heard for too long") } else { self.watchIdle(after: rest) }
        }
    }

    private func schedulePing() {
        pingTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.ping)) { [weak self] in self?.keepAlive() }
    }

    private func keepAlive() {
        if case .closing = phase { return }
        guard unansweredPings < settings.missedPongs else {
            status.add(.timeouts)
            context?.close(promise: nil)
            return
        }
        unansweredPings += 1
        write(.ping, [])
        schedulePing()
    }

    private func timeOut(_ reason: String) {
        status.add(.timeouts)
        speaker.say(WireError("gateway.timeout", reason, isFatal: true), on: self)
        close(code: CloseCode.timeout, reason: reason, overtakes: false)
    }
}
