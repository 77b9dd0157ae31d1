/// One event of an event stream.
package struct ServerSentEvent: Equatable, Sendable {
    /// `message` unless the server named it.
    package var name: String
    package var data: String
    /// The last id seen so far.
    package var id: String

    package init(name: String, data: String, id: String) { (self.name, self.data, self.id) = (name, data, id) }
}
