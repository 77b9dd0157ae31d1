package import Logging
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// The sockets of a process: binds every listener, accepts until told to drain, ends in order.
///
/// The event loops belong to the caller, because sessions outlive their connections by the grace time.
package final class GatewayServer: Sendable {
    private struct State {
        var isStarted = false
        var isDraining = false
        var bound: [(listener: Listener, channel: any Channel)] = []
    }

    private let listeners: [Listener]
    private let group: any EventLoopGroup
    private let status: GatewayStatus
    private let logger: Logger
    private let calls = ConnectionRegistry()
    private let state = Mutex(State())
    private let stopped: AsyncStream<Void>
    private let stop: AsyncStream<Void>.Continuation

    package init(listeners: [Listener], group: any EventLoopGroup, status: GatewayStatus, logger: Logger) {
        (self.listeners, self.group, self.status, self.logger) = (listeners, group, status, logger)
        (stopped, stop) = AsyncStream.makeStream(of: Void.self)
    }

    /// Connections that are there now.
    package var connections: Int { calls.count }

    /// The port a listener got; nil before ``start()``.
    package func port(of name: String) -> Int? {
        state.withLock { $0.bound.first { $0.listener.name == name }?.channel.localAddress?.port }
    }

    /// Checks and binds every listener; does nothing the second time.
    ///
    /// - Throws: ``GatewayError``; then nothing stays bound.
    package func start() async throws {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { return }
        for listener in listeners { for door in listener.doors { try door.settings.validate(host: listener.host) } }
        for listener in listeners {
            do {
                let channel = try await listener.bootstrap(on: group, registry: calls).bind(host: listener.host, port: listener.port).get()
                state.withLock { $0.bound.append((listener, channel)) }
                logger.info(
                    "listening",
                    metadata: ["listener": "\(listener.name)", "host": "\(listener.host)", "port": "\(channel.localAddress?.port ?? 0)"])
            } catch {
                await closeListeners { _ in true }
                throw GatewayError(GatewayError.bindFailed, "\(listener.name): \(listener.host):\(listener.port) cannot be bound")
            }
        }
    }

    /// Starts if need be and returns when ``drain(within:)`` is done. Cancelling closes everything at once, in order.
    package func run() async throws {
        try await start()
        for await _ in stopped {}
        if Task.isCancelled { await Task { await self.drain(within: .zero) }.value }
    }

    /// Ends the server: voice ports close, no new call is taken, connections have the time to end by themselves; what is left is closed
    /// with 1001 and, if the client does not answer, cut. Returns when all is closed; a second call does nothing.
    ///
    /// - Parameter time: For sessions to end themselves; their host must have been told.
    package func drain(within time: Duration) async {
        let isFirst = state.withLock { state in
            defer { state.isDraining = true }
            return !state.isDraining
        }
        guard isFirst else { return }
        status.beginDraining()
        logger.info(
            "draining", metadata: ["listeners": "\(listeners.map(\.name).joined(separator: " "))", "connections": "\(calls.count)"])
        await closeListeners { !$0.outlivesDraining }
        await waitUntilEmpty(within: time)
        let order = CloseOrder(code: CloseCode.goingAway, reason: "the server is shutting down")
        for channel in calls.channels { channel.pipeline.fireUserInboundEventTriggered(order) }
        await waitUntilEmpty(within: listeners.flatMap(\.doors).map(\.settings.close).max() ?? .zero)
        await closeListeners { _ in true }
        for channel in calls.channels { channel.close(promise: nil) }
        await waitUntilEmpty(within: .seconds(5))
        stop.finish()
    }

    private func closeListeners(where isMeant: (Listener) -> Bool) async {
        let channels = state.withLock { state in
            let meant = state.bound.filter { isMeant($0.listener) }.map(\.channel)
            state.bound.removeAll { isMeant($0.listener) }
            return meant
        }
        for channel in channels { try? await channel.close().get() }
    }

    private func waitUntilEmpty(within time: Duration) async {
        await withTaskGroup { group in
            group.addTask { await self.calls.waitUntilEmpty() }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }
}
