internal import CCurl

/// The curl thread's work: owns the multi handle and every transfer. Made on any thread, then run and freed on one.
final class CurlLoop {
    private let mailbox: Mailbox
    private let configuration: HTTPClient.Configuration
    private let multi: MultiHandle
    private let driver: EpollDriver
    /// Keeps TLS sessions for all transfers; the multi handle shares connections and names by itself, these it does not.
    private let share: OpaquePointer?
    private var transfers: [UInt64: Transfer] = [:]
    private let alarm = Alarm()

    /// Nil if there is no memory or descriptor left.
    init?(_ mailbox: Mailbox, _ configuration: HTTPClient.Configuration) {
        guard let made = curl_multi_init() else { return nil }
        multi = MultiHandle(pointer: made)
        guard let driver = EpollDriver(multi, bell: mailbox.bell) else {
            curl_multi_cleanup(made)
            return nil
        }
        (self.mailbox, self.configuration, self.driver) = (mailbox, configuration, driver)
        share = curl_share_init()
        parley_share_lock_data(share, CURL_LOCK_DATA_SSL_SESSION)
        parley_multi_set_long(made, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        // By default four times the handles in use at the moment, so that a lull closes warm connections.
        parley_multi_set_long(made, CURLMOPT_MAXCONNECTS, configuration.maximumConnections)
        // Once the first HTTP/2 connection is full, each further request opens one of its own unless this stops it.
        parley_multi_set_long(made, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnectionsPerHost)
        parley_multi_set_long(made, CURLMOPT_MAX_CONCURRENT_STREAMS, configuration.maximumStreamsPerConnection)
    }

    /// Runs until told to stop, then ends all transfers and frees everything; not to be used after that.
    func run() {
        var isStopping = false
        while true {
            for command in mailbox.drain() {
                if case .stop = command { isStopping = true }
                carryOut(command)
            }
            if isStopping { break }  // after the queue was read: a stop must not wait for the next wake-up
            driver.perform()
            collect()
            let now = monotonicNow()
            if now >= alarm.next { checkLimits(now) }
            driver.wait(until: alarm.next)
        }
        free()
    }

    private func carryOut(_ command: Command) {
        switch command {
        case .start(let exchange, let request, at: let started):
            do {
                try start(exchange, request, started)
            } catch {
                mailbox.ended()
                exchange.end(error)
            }
        case .cancel(let id): remove(id)
        case .unpause(let id): transfers[id]?.unpause()
        case .linger(let id): transfers[id]?.linger()
        case .stop: break
        }
    }

    private func start(_ exchange: Exchange, _ request: HTTPRequest, _ started: Int64) throws(HTTPStreamError) {
        guard let transfer = Transfer(exchange, request.limits, started: started, alarm: alarm) else {
            throw HTTPStreamError(.protocolError, "no memory for a request")
        }
        try transfer.prepare(request, configuration, share: share)
        let added = curl_multi_add_handle(multi.pointer, transfer.easy.pointer)
        guard added == CURLM_OK else { throw HTTPStreamError(.protocolError, String(cString: curl_multi_strerror(added))) }
        transfers[exchange.id] = transfer
        transfer.watchLimits()
    }

    @discardableResult
    private func remove(_ id: UInt64) -> Transfer? {
        guard let transfer = transfers.removeValue(forKey: id) else { return nil }
        curl_multi_remove_handle(multi.pointer, transfer.easy.pointer)
        mailbox.ended()
        return transfer
    }

    /// Ends the transfers that libcurl has done with.
    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let result = parley_message_result(message)  // before the removal, which frees the message
            var context: UnsafeMutableRawPointer?
            parley_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            remove(transfer.exchange.id)
            transfer.exchange.end(result == CURLE_OK ? nil : transfer.error(result))
        }
    }

    private func checkLimits(_ now: Int64) {
        alarm.next = .max
        var late: [(id: UInt64, error: HTTPStreamError)] = []
        for (id, transfer) in transfers {
            guard let deadline = transfer.deadline else { continue }
            if deadline.at <= now {
                late.append((id, HTTPStreamError(deadline.error, "the limit on \(deadline.name) ran out")))
            } else {
                alarm.next = min(alarm.next, deadline.at)
            }
        }
        for (id, error) in late { remove(id)?.exchange.end(error) }
    }

    private func free() {
        let error = HTTPStreamError(.shutDown, "the client is shut down")
        for command in mailbox.close() {
            if case .start(let exchange, _, at: _) = command { exchange.end(error) }
        }
        for id in Array(transfers.keys) { remove(id)?.exchange.end(error) }
        curl_multi_cleanup(multi.pointer)
        curl_share_cleanup(share)
    }
}
