/// One address and the doors behind it.
package struct Listener: Sendable {
    /// For logs and to ask for the port that was bound.
    package let name: String
    package let host: String
    /// 0 lets the system choose.
    package let port: Int
    /// The doors for calls, each on paths of its own.
    let doors: [any SocketDoor]
    package let http: HTTPDoor
    /// Connections at one time; more are answered with 503.
    package var connections = 4096
    /// Whether it goes on accepting while calls are being ended, as a port for probes should.
    package var outlivesDraining: Bool

    package init(
        name: String, host: String, port: Int, native: NativeDoor? = nil, phone: PhoneDoor? = nil, realtime: RealtimeDoor? = nil, http: HTTPDoor,
        outlivesDraining: Bool? = nil
    ) {
        (self.name, self.host, self.port, self.http) = (name, host, port, http)
        let all: [(any SocketDoor)?] = [native, phone, realtime]
        doors = all.compactMap { $0 }
        self.outlivesDraining = outlivesDraining ?? doors.isEmpty
    }

    /// Where WebSockets are taken.
    var callPaths: Set<String> { Set(doors.flatMap(\.settings.paths)) }

    func door(at path: String) -> (any SocketDoor)? { doors.first { $0.settings.paths.contains(path) } }
}
