/// Changes messages as accidents and attackers do.
struct Mutation {
    private var random: RealtimeFuzzTests.Random

    init(_ seed: UInt64) { random = RealtimeFuzzTests.Random(state: seed) }

    mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &random) }

    /// Values that stand where another was meant.
    private static let words = [
        "null", "{}", "[]", "-1", "1.5", "1e9", "true", "\"\"", "\"x\"", "9223372036854775807", "\"inbound\"", "\"\\u0000\"", "\"\\ud800\"",
        "{\"a\":{\"a\":{\"a\":{}}}}", "\"//8=\"",
    ]

    /// One of the seeds with up to four of its bytes, its values or its parts changed.
    mutating func changed(_ seeds: [String]) -> [UInt8] {
        var bytes = Array(seeds[roll(seeds.count)].utf8)
        for _ in 0...roll(4) {
            guard !bytes.isEmpty else { break }
            let place = roll(bytes.count)
            switch roll(8) {
            case 0: bytes[place] = UInt8(roll(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8(32 + roll(95)), at: place)
            case 3: bytes.removeSubrange(place...)
            case 4:
                let other = Array(seeds[roll(seeds.count)].utf8)
                bytes.replaceSubrange(place..<bytes.count, with: other[min(place, other.count)...])
            case 5: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
            default:
                if let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")),
                    let end = bytes[colon...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") })
                {
                    bytes.replaceSubrange(colon + 1..<end, with: Array(Self.words[roll(Self.words.count)].utf8))
                }
            }
        }
        return bytes
    }
}
