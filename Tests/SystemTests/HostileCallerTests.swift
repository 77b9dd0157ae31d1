import Gateway
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct HostileCallerTests {
    @Test(.timeLimit(.minutes(1))) func garbageGetsErrorsAndTheCallGoesOn() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let cases: [(isText: Bool, bytes: [UInt8], code: String)] = [
                (true, Array(String(repeating: "[", count: 60_000).utf8), "wire.bad_json"),
                (true, Array((#"{"type":"ping","number":1,"x":"# + String(repeating: #"{"a":"#, count: 10_000)).utf8), "wire.bad_json"),
                (true, Array("{".utf8), "wire.bad_json"), (true, Array("[1]".utf8), "wire.bad_json"),
                (true, Array(#"{"type": "no.such"}"#.utf8), "wire.unknown_event"), (true, Array(#"{"type": 7}"#.utf8), "wire.bad_field"),
                (true, Array(#"{"type": "playout", "epoch": -1, "heard_ms": 1e99}"#.utf8), "wire.bad_field"),
                (true, Array(#"{"type": "session.start"}"#.utf8), "wire.already_started"), (false, [1, 2, 3], "wire.short_packet"),
                (false, [UInt8](repeating: 0xFF, count: 40), "wire.unknown_kind"),
                (false, [UInt8](repeating: 1, count: 12), "wire.short_packet"),
                (false, [UInt8](repeating: 1, count: 9_000), "wire.packet_too_large"),
                (true, Array(#"{"type": "input.text", "text": "\#(String(repeating: "x", count: 5_000))"}"#.utf8), "wire.bad_field"),
            ]
            for wrong in cases {
                let mark = caller.count
                try await caller.client.sendMessage(isText: wrong.isText, wrong.bytes)
                let error = try await caller.error(from: mark)
                #expect(error.code == wrong.code, "\(wrong.bytes.prefix(60))")
                #expect(!error.isFatal)
            }
            #expect(try await caller.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    @Test(.timeLimit(.minutes(1))) func randomBytesAsOpusDoNotHarmTheCall() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            var generator = Numbers()
            for number in 0..<200 {
                let payload = (0..<Int.random(in: 1...300, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let header = AudioPacketHeader(sequence: .random(in: 0...UInt32(number + 3), using: &generator), time: UInt32(number) * 960)
                try await caller.client.send(header, payload: payload)
            }
            let mark = caller.count
            try await caller.send(.ping(7))
            #expect(try await caller.event(from: mark) { if case .pong(let number) = $0 { number } else { nil } } == 7)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFloodOfPacketsIsDroppedAndTold() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            // However fast this machine sends: until it is told, faster than the limit fills up again.
            var sent: UInt32 = 0
            while sent < 100_000, !caller.events.contains(where: { if case .error = $0.event { true } else { false } }) {
                for number in sent..<sent + 200 {
                    try await caller.client.send(AudioPacketHeader(sequence: number, time: number * 960), payload: [0xF8, 0xFF, 0xFE])
                }
                sent += 200
            }
            #expect(try await caller.error(from: mark).code == "wire.rate_limited")
            #expect(try await caller.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFloodOfMistakesEndsTheConnection() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            let other = try await server.call()
            try await caller.greeted()
            try await other.greeted()
            for _ in 0..<40 { try? await caller.client.sendMessage(isText: true, Array("?".utf8)) }
            #expect(try await caller.closed() == 1008)
            #expect(try await other.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aMessageBeyondTheLimitIsRefusedWith1009() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try? await caller.client.sendMessage(isText: true, [UInt8](repeating: 32, count: 200_000))
            let code = try await caller.closed()
            #expect(code == 1009)
        }
    }

    private static let brokenFrames: [([UInt8], UInt16)] = [
        ([0x81, 2, 0x7B, 0x7D], 1002),  // not masked
        ([0xC1, 0x82, 0, 0, 0, 0, 0x7B, 0x7D], 1002),  // a reserved bit
        ([0x83, 0x80, 0, 0, 0, 0], 1002),  // an unknown opcode
        ([0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1007),  // not UTF-8
        ([0x80, 0x80, 0, 0, 0, 0], 1002),  // a continuation of nothing
    ]

    @Test(.timeLimit(.minutes(1)), arguments: brokenFrames)
    func aFrameAgainstTheRulesIsRefusedWithItsCode(frame: [UInt8], code: UInt16) async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let answer = try await RawConnection.exchange(Array(RawConnection.upgrade().utf8) + frame, port: server.port)
            #expect(answer.status == 101)
            #expect(answer.closeCode == code)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [5, 10, 60]) func packetsOfEveryLengthThatMayBeAskedForAreHeard(milliseconds: Int) async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let input = AudioFormat(codec: .pcm16, sampleRate: 16_000, packetMilliseconds: milliseconds)
            let caller = try await server.call(SessionStart(input: input))
            try await caller.greeted()
            let mark = caller.count
            let payload = [UInt8](repeating: 0, count: 32 * milliseconds)
            let clock = ContinuousClock()
            var due = clock.now
            // Three seconds, as a microphone sends them; enough to use up what may come at once.
            for number in 0..<UInt32(3_000 / milliseconds) {
                try await caller.client.send(AudioPacketHeader(sequence: number, time: number * UInt32(48 * milliseconds)), payload: payload)
                due += .milliseconds(milliseconds)
                try await clock.sleep(until: due)
            }
            try await caller.send(.ping(1))
            _ = try await caller.event(from: mark) { if case .pong(let number) = $0 { number } else { nil } }
            let errors = caller.events.compactMap { numbered -> String? in
                if case .error(let error) = numbered.event { error.code } else { nil }
            }
            #expect(errors == [])
        }
    }
}

/// The same numbers in every run.
private struct Numbers: RandomNumberGenerator {
    private var state: UInt64 = 0x2545_F491_4F6C_DD1D

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
