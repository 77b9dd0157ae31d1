import Synchronization

/// What a consumer was given, in order.
final class Recorder: Sendable {
    private let list = Mutex<[String]>([])

    var pieces: [String] { list.withLock { $0 } }
    func append(_ piece: String) { list.withLock { $0.append(piece) } }
}
