/// Durations to be told by their quantiles.
struct Quantiles {
    private var sorted: [Duration]

    init(_ values: [Duration]) { sorted = values.sorted() }

    var count: Int { sorted.count }

    /// The value that a share of all does not exceed; nil without values.
    func callAsFunction(_ share: Double) -> Duration? {
        guard !sorted.isEmpty else { return nil }
        return sorted[min(sorted.count - 1, max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1))]
    }
}
