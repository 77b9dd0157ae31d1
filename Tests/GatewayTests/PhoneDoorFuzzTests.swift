import Foundation
import Gateway
import Sessions
import Testing
import Wire

/// Whatever comes over a carrier's socket, the door lives and takes the next call.
@Suite(.serialized) struct PhoneDoorFuzzTests {
    /// On demand a million; else as many as take a few seconds.
    private static let rounds = ProcessInfo.processInfo.environment["PHONE_FUZZ"].flatMap { Int($0) } ?? 8_000
    /// Messages of one call: no more than may come at once.
    private static let messagesOfACall = 400

    private static let seeds = [
        #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#,
        #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],"#
            + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"agent":"desk","variables.a":"b"}}}"#,
        #"{"event":"start","stream_id":"S","start":{"call_control_id":"c","media_format":{"encoding":"PCMA","sample_rate":8000,"channels":1}}}"#,
        #"{"event":"start","start":{"callId":"c","streamId":"S","mediaFormat":{"encoding":"audio/x-l16","sampleRate":16000}},"extra_headers":"agent=desk"}"#,
        #"{"event":"websocket:connected","content-type":"audio/l16;rate=16000","agent":"desk"}"#,
        #"{"event":"media","sequenceNumber":"3","streamSid":"MZ1","media":{"track":"inbound","chunk":"1","timestamp":"20","payload":"//8AAP//"}}"#,
        #"{"event":"media","media":{"chunk":"9","timestamp":"900","payload":"AAAA"}}"#,
        #"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}"#, #"{"event":"websocket:dtmf","digit":"1"}"#,
        #"{"event":"mark","streamSid":"MZ1","mark":{"name":"e0.0:20"}}"#, #"{"event":"playedStream","name":"e0.0:20"}"#,
        #"{"event":"websocket:notify","payload":{"mark":"e0.0:20"}}"#,
    ]

    @Test(arguments: Carrier.allCases) func aDoorOutlivesEverything(carrier: Carrier) async throws {
        var mutation = Mutation(UInt64(Carrier.allCases.firstIndex(of: carrier) ?? 0))
        var settings = SocketDoorSettings()
        // Every message is to be read, also behind many that were wrong.
        (settings.errorBurst, settings.byteBurst) = (1_000_000, 1 << 30)
        var before: Int?
        var left = Self.rounds / Carrier.allCases.count
        let host = ScriptedHost(keeps: 64)
        try await Bench.with(host, settings: settings) { bench in
            while left > 0 {
                let count = min(left, Self.messagesOfACall)
                left -= count
                var bytes = Array(Self.upgrade(carrier).utf8)
                // Most calls begin as they should; what is wrong comes later.
                if mutation.roll(4) > 0 { bytes += Bench.frame(0x81, Array(Self.start(carrier).utf8)) }
                for _ in 0..<count {
                    let isBinary = carrier == .vonage && mutation.roll(3) == 0
                    bytes += Bench.frame(isBinary ? 0x82 : 0x81, mutation.changed(Self.seeds))
                }
                let answer = try await bench.exchange(bytes + Bench.frame(0x88, [3, 232]))
                #expect(answer.starts(with: Array("HTTP/1.1 101 ".utf8)))
                if answer.isEmpty { return }
                if before == nil { before = ProcessMemory.resident }
            }
            #expect(try await bench.http("GET /readyz HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        }
        #expect(host.places == 0, "every call gave its place back")
        if let before, let after = ProcessMemory.resident { #expect(after - before < 64 << 20) }
    }

    private static func upgrade(_ carrier: Carrier) -> String {
        "GET \(PhoneDoor.path(of: carrier)) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    private static func start(_ carrier: Carrier) -> String {
        switch carrier {
        case .twilio: seeds[1]
        case .telnyx: seeds[2]
        case .plivo: seeds[3]
        case .vonage: seeds[4]
        }
    }
}
