/// A service's secret. Printing, dumping or interpolating it shows that there is one, not which.
package struct ServiceKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let secret: String

    package init(_ secret: String) { self.secret = secret }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
