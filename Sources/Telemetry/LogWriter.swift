package import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes whole lines to one file, and never makes who logs wait for who reads.
///
/// A line goes out at once where the file takes it, so that the last ones before a crash are there. Where it does not (a pipe that nobody empties),
/// lines wait, and a thread writes them as they are taken. Beyond ``limit`` they are dropped, and a line says how many as soon as it can.
package final class LogWriter: Sendable {
    /// Bytes that wait at most, beside as many that the thread is about to write.
    package static let limit = 1 << 20
    /// What a pipe that has room at all is certain to take at once.
    private static let atOnce = 4096

    private struct State {
        var waiting: [String] = []
        var bytes = 0
        var dropped = 0
        /// Whether the thread is there, with lines to write.
        var isWriting = false
        /// Signalled when nothing waits any more.
        var flushers: [DispatchSemaphore] = []
    }

    private let file: FileHandle
    private let state = Mutex(State())

    package init(_ file: FileHandle) { self.file = file }

    /// When the process exits, a second is given to who still reads.
    package static let standardError: LogWriter = {
        atexit { LogWriter.standardError.flush(within: 1) }
        return LogWriter(.standardError)
    }()

    /// Takes one line, its end included. A file that is closed or full loses it and nothing else.
    package func write(_ line: String) {
        let isFirst = state.withLock { state in
            if !state.isWriting, line.utf8.count <= Self.atOnce, takesMore {
                put(line)
                return false
            }
            guard state.bytes + line.utf8.count <= Self.limit else {
                state.dropped += 1
                return false
            }
            state.waiting.append(line)
            state.bytes += line.utf8.count
            guard !state.isWriting else { return false }
            state.isWriting = true
            return true
        }
        if isFirst { Thread.detachNewThread { self.writeWhatWaits() } }
    }

    /// Waits until nothing waits to be written.
    ///
    /// - Parameter seconds: How long at most.
    /// - Returns: Whether all is written.
    @discardableResult package func flush(within seconds: Double) -> Bool {
        let done = DispatchSemaphore(value: 0)
        let isIdle = state.withLock { state in
            if state.isWriting { state.flushers.append(done) }
            return !state.isWriting
        }
        return isIdle || done.wait(timeout: .now() + seconds) == .success
    }

    private func writeWhatWaits() {
        while true {
            let (lines, dropped) = state.withLock { state in
                let taken = (state.waiting, state.dropped)
                (state.waiting, state.bytes, state.dropped) = ([], 0, 0)
                if taken.0.isEmpty, taken.1 == 0 {
                    state.isWriting = false
                    for flusher in state.flushers { flusher.signal() }
                    state.flushers = []
                }
                return taken
            }
            guard !lines.isEmpty || dropped > 0 else { return }
            for line in lines { put(line) }
            if dropped > 0 { put("\(dropped) log lines were lost: nobody read them in time\n") }
        }
    }

    private func put(_ line: String) { try? file.write(contentsOf: Data(line.utf8)) }

    /// Whether a short line can be written without waiting.
    private var takesMore: Bool {
        var asked = pollfd(fd: file.fileDescriptor, events: Int16(POLLOUT), revents: 0)
        // A file that cannot be asked, or is broken, does not make anybody wait either.
        return poll(&asked, 1, 0) != 0
    }
}
