/// The stable codes of this protocol. Engines and sessions add their own, so a switch over codes has a default.
extension WireError {
    /// A text message is not JSON, or no object.
    package static let badJSON = "wire.bad_json"
    /// A known field is missing, has the wrong type or is out of range; the message begins with its name.
    package static let badField = "wire.bad_field"
    /// The `type` of an event is not known.
    package static let unknownEvent = "wire.unknown_event"
    /// A binary message is shorter than its header, or has no payload.
    package static let shortPacket = "wire.short_packet"
    /// The first byte of a binary message is not known.
    package static let unknownKind = "wire.unknown_kind"
    /// A packet is larger than any audio of this protocol.
    package static let packetTooLarge = "wire.packet_too_large"
    /// Something came before `session.start` was answered that cannot wait.
    package static let notStarted = "wire.not_started"
    /// A second `session.start`.
    package static let alreadyStarted = "wire.already_started"
    /// A direction for a session that was not begun as a directed one.
    package static let notDirected = "wire.not_directed"
    /// Packets or messages came faster than the limits allow and were dropped.
    package static let rateLimited = "wire.rate_limited"

    static func field(_ name: String, _ rule: String) -> WireError { WireError(badField, "\(name) \(rule)") }
}
