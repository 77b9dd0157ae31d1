/// What is measured, whoever measures it.
package struct Workloads {
    package struct Workload {
        package let name: String
        /// How often a run does it.
        package let count: Int
        /// Prepares everything; gives what does a run, and calls its argument where the part to be measured begins.
        package let make: () throws -> ((_ begin: () -> Void) -> Void)
    }

    package private(set) var list: [Workload] = []

    package static var all: [Workload] {
        var all = Workloads()
        addHearing(to: &all)
        addTurn(to: &all)
        addText(to: &all)
        addWire(to: &all)
        addReply(to: &all)
        addSession(to: &all)
        return all.list
    }

    /// A thousand times a run.
    mutating func measure(_ name: String, make: @escaping () throws -> (() -> Void)) { measure(name, 1000, make) }

    /// Once a run, since it takes long.
    mutating func measureOne(_ name: String, make: @escaping () throws -> (() -> Void)) { measure(name, 1, make) }

    /// A thousand times a run, in one go, which may need preparing anew for each.
    mutating func measureThousands(_ name: String, make: @escaping () throws -> ((_ begin: () -> Void) -> Void)) {
        list.append(Workload(name: name, count: 1000, make: make))
    }

    private mutating func measure(_ name: String, _ count: Int, _ make: @escaping () throws -> (() -> Void)) {
        list.append(
            Workload(name: name, count: count) {
                let step = try make()
                return { begin in
                    begin()
                    for _ in 0..<count { step() }
                }
            })
    }
}

/// Something that a workload needs and cannot find.
struct Missing: Error, CustomStringConvertible {
    let description: String
}

/// Takes a result, so that the work for it is not left out.
@inline(never) func swallow<T>(_ value: T) { withExtendedLifetime(value) {} }
