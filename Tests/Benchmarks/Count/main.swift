import Foundation
import Workloads

// Does one workload so many times and nothing else, for tools that count instructions: no thread of its own, no clock.
let arguments = CommandLine.arguments
guard arguments.count == 3, let runs = Int(arguments[2]), let workload = Workloads.all.first(where: { $0.name == arguments[1] }) else {
    print("usage: HotPathCount NAME RUNS, with one of these names and how often a run does it:")
    for workload in Workloads.all { print("\(workload.count) \(workload.name)") }
    exit(arguments.count == 1 ? 0 : 1)
}
do {
    let run = try workload.make()
    for _ in 0..<runs { run {} }
} catch {
    print("\(workload.name): \(error)")
    exit(1)
}
