/// The API keys a door accepts and the tenant each belongs to.
package struct KeyRing: Sendable {
    private let keys: [(bytes: [UInt8], tenant: String)]
    /// The tenant of everybody where no keys are set.
    private let openTenant = "local"

    /// - Parameter tenants: Tenant by key; none opens the door to everybody.
    package init(_ tenants: [String: String] = [:]) {
        keys = tenants.sorted { $0.key < $1.key }.map { (Array($0.key.utf8), $0.value) }
    }

    package var isOpen: Bool { keys.isEmpty }

    /// The tenant of a key; nil if there is none. Takes as long for a wrong key as for a right one.
    package func tenant(of key: String?) -> String? {
        if isOpen { return openTenant }
        guard let key else { return nil }
        let given = Array(key.utf8.prefix(512))
        var found: String?
        for (bytes, tenant) in keys where Self.isEqual(bytes, given) { found = tenant }
        return found
    }

    /// Reads every byte whatever it finds, so that the time tells nothing of where two keys differ.
    private static func isEqual(_ key: [UInt8], _ given: [UInt8]) -> Bool {
        var difference = key.count ^ given.count
        for (index, byte) in given.enumerated() { difference |= Int(byte ^ (key.isEmpty ? 0 : key[index % key.count])) }
        return difference == 0
    }
}
