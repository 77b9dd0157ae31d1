internal import Glibc

/// Nanoseconds of the monotonic clock.
func monotonicNow() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Duration {
    /// 0 at least and a century at most, so that sums do not overflow.
    var inNanoseconds: Int64 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        return min(seconds, 3_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// Rounded up, so that a limit is never shorter than asked for.
    var inMilliseconds: Int { Int((inNanoseconds + 999_999) / 1_000_000) }
}
