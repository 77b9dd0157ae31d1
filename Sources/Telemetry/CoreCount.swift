internal import Foundation

/// How many cores this process may use: those it is bound to, and no more than its control group's share.
package enum CoreCount {
    package static var available: Int {
        var count = ProcessInfo.processInfo.activeProcessorCount
        if let status = text("/proc/self/status"), let allowed = allowed(status) { count = min(count, allowed) }
        if let quota = text("/sys/fs/cgroup/cpu.max"), let share = share(quota) { count = min(count, share) }
        return max(1, count)
    }

    /// - Parameter status: What /proc/self/status says, with a line such as `Cpus_allowed_list: 0-3,8`.
    static func allowed(_ status: String) -> Int? {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return nil }
        var count = 0
        for part in line.dropFirst("Cpus_allowed_list:".count).split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
            guard let first = ends.first, let last = ends.last, last >= first else { return nil }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }

    /// - Parameter quota: What cpu.max says: microseconds of each period, or `max`, and the period.
    /// - Returns: Whole cores, rounded up; nil without a limit.
    static func share(_ quota: String) -> Int? {
        let parts = quota.split(whereSeparator: \.isWhitespace).map { Int($0) }
        guard parts.count == 2, let time = parts[0], let period = parts[1], time > 0, period > 0 else { return nil }
        return max(1, (time + period - 1) / period)
    }

    private static func text(_ path: String) -> String? { FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } }
}
