import ArgumentParser

/// How much of what a caller sends never arrives.
struct PacketLoss: ParsableArguments {
    /// Percent of packets, 0...100.
    @Option(name: .customLong("loss"), help: "Drop this percentage of packets.") var percent = 0

    func validate() throws {
        guard (0...100).contains(percent) else { throw ValidationError("--loss is a percentage, 0 to 100, not \(percent)") }
    }
}
