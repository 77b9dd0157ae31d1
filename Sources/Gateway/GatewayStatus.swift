internal import Synchronization

/// What the doors count, and whether they are closing. Shared by all doors of a process; safe from any thread.
package final class GatewayStatus: Sendable {
    package enum Count: String, Sendable, CaseIterable {
        /// Callers whose upgrade was done.
        case calls
        /// Callers who were refused before or after the upgrade.
        case refusals
        /// Audio packets that reached a session.
        case audioIn
        /// Audio packets dropped because they came too fast, too early or malformed.
        case audioInDropped
        /// Audio packets dropped because the client did not read fast enough.
        case audioOutDropped
        /// `error` events for malformed or unexpected messages.
        case clientErrors
        /// Connections closed for breaking the WebSocket protocol.
        case protocolErrors
        /// Connections closed because the client did not read.
        case slowClients
        /// Connections closed because nothing came in time.
        case timeouts
        /// Plain HTTP requests.
        case requests
    }

    private let draining = Atomic(false)
    private let calls = Atomic(0)
    private let refusals = Atomic(0)
    private let audioIn = Atomic(0)
    private let audioInDropped = Atomic(0)
    private let audioOutDropped = Atomic(0)
    private let clientErrors = Atomic(0)
    private let protocolErrors = Atomic(0)
    private let slowClients = Atomic(0)
    private let timeouts = Atomic(0)
    private let requests = Atomic(0)

    package init() {}

    /// Whether the server is ending: no new call is taken.
    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    package subscript(count: Count) -> Int {
        switch count {
        case .calls: calls.load(ordering: .relaxed)
        case .refusals: refusals.load(ordering: .relaxed)
        case .audioIn: audioIn.load(ordering: .relaxed)
        case .audioInDropped: audioInDropped.load(ordering: .relaxed)
        case .audioOutDropped: audioOutDropped.load(ordering: .relaxed)
        case .clientErrors: clientErrors.load(ordering: .relaxed)
        case .protocolErrors: protocolErrors.load(ordering: .relaxed)
        case .slowClients: slowClients.load(ordering: .relaxed)
        case .timeouts: timeouts.load(ordering: .relaxed)
        case .requests: requests.load(ordering: .relaxed)
        }
    }

    func add(_ count: Count) {
        switch count {
        case .calls: calls.add(1, ordering: .relaxed)
        case .refusals: refusals.add(1, ordering: .relaxed)
        case .audioIn: audioIn.add(1, ordering: .relaxed)
        case .audioInDropped: audioInDropped.add(1, ordering: .relaxed)
        case .audioOutDropped: audioOutDropped.add(1, ordering: .relaxed)
        case .clientErrors: clientErrors.add(1, ordering: .relaxed)
        case .protocolErrors: protocolErrors.add(1, ordering: .relaxed)
        case .slowClients: slowClients.add(1, ordering: .relaxed)
        case .timeouts: timeouts.add(1, ordering: .relaxed)
        case .requests: requests.add(1, ordering: .relaxed)
        }
    }

    func beginDraining() { draining.store(true, ordering: .relaxed) }
}
