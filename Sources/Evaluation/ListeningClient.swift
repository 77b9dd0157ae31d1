internal import Wire

/// A caller's client: plays what arrives, holds, goes on and flushes as it is told, and knows what was played.
struct ListeningClient {
    struct Packet: Equatable {
        let epoch: UInt16
        /// Which packet of its reply, from 0.
        let position: Int
        /// Its number in the session.
        let sequence: UInt32
    }

    private let network: Duration
    private let buffer: Duration
    private var queue: [Packet] = []
    private var nextAt: Duration?
    private var isHeld = false
    private(set) var played: [Packet] = []
    static let packetDuration = Duration.milliseconds(20)

    init(_ latencies: EngineLatencies) { (network, buffer) = (latencies.network, latencies.clientBuffer) }

    mutating func receive(_ packet: Packet, sentAt: Duration) {
        let now = sentAt + network
        play(until: now)
        if queue.isEmpty, nextAt.map({ $0 < now }) ?? true { nextAt = now + buffer }
        queue.append(packet)
    }

    mutating func hold(sentAt: Duration) {
        play(until: sentAt + network)
        isHeld = true
    }

    /// Drops what was buffered of the reply before the packet of this number, and goes on with it once there is enough again.
    mutating func resume(_ epoch: UInt16, from sequence: UInt32, sentAt: Duration) {
        isHeld = false
        queue.removeAll { $0.epoch == epoch && Int32(bitPattern: $0.sequence &- sequence) < 0 }
        nextAt = max(nextAt ?? .zero, sentAt + network)
    }

    /// The reply it plays and how much of that was played: what it reports. Nil while it plays nothing.
    mutating func playout(at now: Duration) -> (epoch: UInt16, played: Duration)? {
        play(until: now)
        guard let last = played.last else { return nil }
        return (last.epoch, Self.packetDuration * (last.position + 1))
    }

    /// - Returns: How much of the reply was played.
    mutating func flush(_ epoch: UInt16, sentAt: Duration) -> Duration {
        play(until: sentAt + network)
        queue.removeAll { $0.epoch == epoch }
        isHeld = false
        return Self.packetDuration * ((played.last { $0.epoch == epoch }?.position ?? -1) + 1)
    }

    mutating func play(until now: Duration) {
        guard !isHeld else { return }
        while let at = nextAt, at <= now, !queue.isEmpty {
            played.append(queue.removeFirst())
            nextAt = at + Self.packetDuration
        }
    }
}
