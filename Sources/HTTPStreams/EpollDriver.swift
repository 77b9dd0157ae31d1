internal import CCurl
internal import Glibc

/// Waits in epoll and drives libcurl by `curl_multi_socket_action`: the cost of a wake-up is that of the sockets that are
/// ready, not of all.
final class EpollDriver {
    private let multi: MultiHandle
    private let bell: Int32
    private let set: Int32
    private var ready = [epoll_event](repeating: epoll_event(), count: 256)
    private var readyCount = 0
    /// When libcurl wants to be called without a socket; nil: not at all.
    private var timer: Int64?

    /// Nil if the process has no descriptor left.
    init?(_ multi: MultiHandle, bell: Int32) {
        (self.multi, self.bell) = (multi, bell)
        set = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard set >= 0 else { return nil }
        var interest = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: bell))
        guard epoll_ctl(set, EPOLL_CTL_ADD, bell, &interest) == 0 else {
            close(set)
            return nil
        }
        let myself = Unmanaged.passUnretained(self).toOpaque()
        parley_multi_set_socket(multi.pointer, Self.onSocket, myself)
        parley_multi_set_timer(multi.pointer, Self.onTimer, myself)
    }

    deinit { close(set) }

    /// Lets libcurl work on what the last wait found.
    func perform() {
        var running: Int32 = 0
        for index in 0..<readyCount {
            let socket = ready[index].data.fd
            if socket == bell { continue }
            let events = ready[index].events
            var mask: Int32 = 0
            if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
            if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
            if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
            curl_multi_socket_action(multi.pointer, socket, mask, &running)
        }
        readyCount = 0
        if let due = timer, due <= monotonicNow() {
            timer = nil
            curl_multi_socket_action(multi.pointer, CURL_SOCKET_TIMEOUT, 0, &running)
        }
    }

    /// Waits for a socket, the bell, libcurl's timer or the moment given. There is no other cap, so that a lost wake-up shows.
    func wait(until alarm: Int64) {
        let due = min(alarm, timer ?? .max)
        var milliseconds: Int32 = -1
        if due != .max {
            let left = max(0, due - monotonicNow())
            milliseconds = Int32(min(left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0), 1_000_000_000))
        }
        readyCount = max(0, Int(epoll_wait(set, &ready, Int32(ready.count), milliseconds)))
        // The bell is silenced before the queue is emptied. The other way round, a command posted in between is heard
        // and not seen.
        if ready[..<readyCount].contains(where: { $0.data.fd == bell }) {
            var count: UInt64 = 0
            _ = read(bell, &count, 8)
        }
    }

    private static let onSocket: parley_curl_socket = { _, socket, what, context, _ in
        guard let context else { return 0 }
        let driver = Unmanaged<EpollDriver>.fromOpaque(context).takeUnretainedValue()
        guard what != CURL_POLL_REMOVE else {
            epoll_ctl(driver.set, EPOLL_CTL_DEL, socket, nil)
            return 0
        }
        var interest = epoll_event(events: 0, data: epoll_data_t(fd: socket))
        if what & CURL_POLL_IN != 0 { interest.events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { interest.events |= EPOLLOUT.rawValue }
        if epoll_ctl(driver.set, EPOLL_CTL_MOD, socket, &interest) != 0 { epoll_ctl(driver.set, EPOLL_CTL_ADD, socket, &interest) }
        return 0
    }

    private static let onTimer: parley_curl_timer = { _, milliseconds, context in
        guard let context else { return 0 }
        let driver = Unmanaged<EpollDriver>.fromOpaque(context).takeUnretainedValue()
        driver.timer = milliseconds < 0 ? nil : monotonicNow() + Int64(milliseconds) * 1_000_000
        return 0
    }
}
