import Wire

/// What client and server say to each other, as bytes.
func addWire(to all: inout Workloads) {
    all.measure("FrameHead of a packet") {
        let frame: [UInt8] = [0x82, 0x80 | 72, 1, 2, 3, 4] + [UInt8](repeating: 7, count: 72)
        return { swallow(FrameHead.read(frame.span)) }
    }
    all.measure("AudioPacketHeader, read") {
        var bytes: [UInt8] = []
        AudioPacketHeader(sequence: 7, time: 960).write(into: &bytes)
        return { swallow(try? AudioPacketHeader(parsing: bytes.span)) }
    }
    all.measure("AudioPacketHeader, written") {
        var bytes: [UInt8] = []
        return {
            bytes.removeAll(keepingCapacity: true)
            AudioPacketHeader(sequence: 7, time: 960).write(into: &bytes)
        }
    }
    for (name, event) in [("ping", ClientEvent.ping(17)), ("playout", .playout(epoch: 3, milliseconds: 1_240))] {
        all.measure("client's event, read: \(name)") {
            let bytes = event.encoded()
            return { swallow(try? ClientEvent(json: bytes)) }
        }
    }
    let events: [(String, ServerEvent)] = [
        ("pong", .pong(17)), ("state", .state(.hearing, turn: 3)), ("user.final", .userFinal(turn: 3, text: "My card was stolen yesterday.")),
    ]
    for (name, event) in events {
        all.measure("server's event, written: \(name)") { { swallow(event.encoded(seq: 12, at: .milliseconds(34_567))) } }
    }
}
