/// Why a door cannot be opened or used.
package struct GatewayError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable, for programs.
    package let code: String
    /// For people; never holds a key.
    package let detail: String

    package init(_ code: String, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code): \(detail)" }

    /// A door without keys on an address that others can reach.
    package static let openDoor = "gateway.open_door"
    /// A setting that cannot be.
    static let badSetting = "gateway.bad_setting"
    /// The address cannot be bound.
    package static let bindFailed = "gateway.bind_failed"
}
