import Benchmark
import CAllocations
import Workloads

let benchmarks: @Sendable () -> Void = {
    for workload in Workloads.all { register(workload) }
}

private func register(_ workload: Workloads.Workload) {
    let allocations = BenchmarkMetric.custom(
        workload.count == 1 ? "allocations" : "allocations of \(workload.count)", polarity: .prefersSmaller, useScalingFactor: false)
    let configuration = Benchmark.Configuration(
        metrics: [.wallClock, .throughput, allocations], warmupIterations: 1, scalingFactor: workload.count == 1 ? .one : .kilo,
        maxDuration: .seconds(1), maxIterations: 10_000)
    var run: ((() -> Void) -> Void)?
    Benchmark(workload.name, configuration: configuration) { benchmark in
        do {
            if run == nil { run = try workload.make() }
        } catch {
            return benchmark.error("\(workload.name): \(error)")
        }
        var before: UInt64 = 0
        run? {
            benchmark.startMeasurement()
            before = allocations_of_this_process()
        }
        let count = allocations_of_this_process() - before
        benchmark.stopMeasurement()
        benchmark.measurement(allocations, Int(count))
    }
}
