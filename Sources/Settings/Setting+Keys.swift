import Foundation

/// The keys of callers: in a file `{"tenant": "key"}` or `{"tenant": ["key", "other"]}`, in a variable `tenant=key,tenant=other`.
extension Setting {
    static func keys(_ name: String, _ path: Path<Secret<[String: String]>>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "secret keys by tenant, in a variable `tenant=key,tenant2=key2`", note: note, isSecret: true,
            parse: { raw throws(Refusal) in
                var tenants: [String: String] = [:]
                for (tenant, key) in try pairs(raw) {
                    let tenant = try line(.text(tenant), isSecret: true)
                    let key = try line(.text(key), isSecret: true)
                    guard key.utf8.count <= 512 else { throw .outOfRange("a key of tenant '\(tenant)' is longer than 512 bytes") }
                    guard tenant.wholeMatch(of: /[A-Za-z0-9._-]{1,64}/) != nil else {
                        throw .outOfRange("a tenant's name is 1 to 64 letters, digits, dots, dashes or underscores")
                    }
                    guard tenants.updateValue(tenant, forKey: key) == nil else {
                        throw .outOfRange("a key of tenant '\(tenant)' is given twice")
                    }
                }
                return Secret(tenants)
            }, show: { $0.value.isEmpty ? nil : "set" })
    }

    private static func pairs(_ raw: Raw) throws(Refusal) -> [(tenant: String, key: String)] {
        switch raw {
        case .text(let text):
            return try text.split(separator: ",").filter { !$0.allSatisfy(\.isWhitespace) }.enumerated().map { (index, pair) throws(Refusal) in
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { throw .wrongType("takes tenant=key, with commas between; entry \(index + 1) is not so") }
                return (String(parts[0]), String(parts[1]))
            }
        case .json(.object(let members)):
            var pairs: [(String, String)] = []
            for member in members {
                switch member.value.value {
                case .text(let key): pairs.append((member.key, key))
                case .list(let items):
                    for item in items {
                        guard case .text(let key) = item.value else { throw .wrongType("takes keys as texts") }
                        pairs.append((member.key, key))
                    }
                default: throw .wrongType("takes a key or a list of keys for each tenant")
                }
            }
            return pairs
        case .json: throw .wrongType("takes an object of tenants and their keys")
        }
    }
}
