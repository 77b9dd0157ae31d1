internal import Sessions
internal import Synchronization
internal import Wire

/// Keys that a server gives to its clients for a while, each with the session it was made for.
package final class EphemeralKeys: Sendable {
    struct Entry: Sendable {
        var tenant: String
        var config: RealtimeConfig
        /// Seconds since 1970.
        var expiry: Int
    }

    static let prefix = "ek_"
    private let limit: Int
    private let entries = Mutex<[String: Entry]>([:])

    /// - Parameter limit: Keys at one time; making one more throws the one away that ends first.
    package init(limit: Int = 10_000) { self.limit = max(1, limit) }

    func make(tenant: String, config: RealtimeConfig, expiry: Int, now: Int) -> String {
        let key = Self.prefix + SessionManager.randomName() + SessionManager.randomName()
        entries.withLock { entries in
            if entries.count >= limit { entries = entries.filter { $0.value.expiry > now } }
            while entries.count >= limit, let first = entries.min(by: { $0.value.expiry < $1.value.expiry })?.key { entries[first] = nil }
            entries[key] = Entry(tenant: tenant, config: config, expiry: expiry)
        }
        return key
    }

    /// What a key was made for; nil for one that is not known or over.
    func entry(of key: String, now: Int) -> Entry? {
        guard key.hasPrefix(Self.prefix) else { return nil }
        return entries.withLock { $0[key] }.flatMap { $0.expiry > now ? $0 : nil }
    }

    var count: Int { entries.withLock { $0.count } }
}
