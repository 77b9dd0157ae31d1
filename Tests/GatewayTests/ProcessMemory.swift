import Foundation

/// What this process holds of the machine's memory, in bytes; nil where the machine does not say.
enum ProcessMemory {
    static var resident: Int? {
        guard let text = FileManager.default.contents(atPath: "/proc/self/statm") else { return nil }
        return String(decoding: text, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4_096 }
    }
}
