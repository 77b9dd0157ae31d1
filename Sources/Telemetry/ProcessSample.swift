import Foundation
import Glibc

/// What the kernel says of this process at one moment.
package struct ProcessSample: Sendable, Equatable {
    package var residentBytes: Int
    /// User and system time since the process began.
    package var cpuSeconds: Double
    package var threads: Int
    package var openFiles: Int

    package init(residentBytes: Int, cpuSeconds: Double, threads: Int, openFiles: Int) {
        (self.residentBytes, self.cpuSeconds, self.threads, self.openFiles) = (residentBytes, cpuSeconds, threads, openFiles)
    }

    /// Reads `/proc/self`; nil where there is none. Takes some 100 microseconds: for a scrape, not for a hot path.
    package static func current() -> ProcessSample? {
        guard
            let status = text("/proc/self/status"), let stat = text("/proc/self/stat"),
            let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        else { return nil }
        // Reading the directory takes one descriptor itself.
        return ProcessSample(status: status, stat: stat, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)), openFiles: max(open - 1, 0))
    }

    /// - Returns: Nil where a field is missing.
    init?(status: String, stat: String, ticksPerSecond: Int, openFiles: Int) {
        var fields: [Substring: Int] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let word = parts[1].split(whereSeparator: { $0 == " " || $0 == "\t" }).first else { continue }
            fields[parts[0]] = Int(word)
        }
        // The program's name stands in brackets and may hold anything; the fields are counted from the last bracket.
        let rest = stat.lastIndex(of: ")").map { stat[stat.index(after: $0)...].split(separator: " ") } ?? []
        guard
            let kilobytes = fields["VmRSS"], let threads = fields["Threads"], ticksPerSecond > 0, rest.count > 12,
            let user = Int(rest[11]), let system = Int(rest[12])
        else { return nil }
        self.init(
            residentBytes: kilobytes * 1024, cpuSeconds: Double(user + system) / Double(ticksPerSecond), threads: threads,
            openFiles: openFiles)
    }

    private static func text(_ path: String) -> String? {
        (try? Data(contentsOf: URL(fileURLWithPath: path))).map { String(decoding: $0, as: UTF8.self) }
    }
}
