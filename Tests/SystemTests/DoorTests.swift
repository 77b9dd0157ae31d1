import Gateway
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct DoorTests {
    @Test(.timeLimit(.minutes(1))) func oneCallTooManyIsRefusedWith503AndAWayToCome() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(["server.maximum_sessions=1"], agents: agents) { server in
            #expect(try await server.get("/readyz").status == 200)
            let caller = try await server.call()
            let refused = try await RawConnection.exchange(RawConnection.upgrade(), port: server.port)
            #expect(refused.status == 503)
            #expect(refused.head.contains { $0.hasPrefix("retry-after: ") })
            #expect(refused.head.contains { $0.hasPrefix("content-type: application/json") })
            #expect(try JSONValue(parsing: Array(refused.body.utf8))["error"]?["code"]?.string == "server.full")
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            #expect(ready.body.contains("full"))
            #expect(try await server.get("/healthz").status == 200)
            try await caller.send(.end)
            #expect(try await caller.closed() == 1000)
            while try await server.get("/readyz").status != 200 { try await Task.sleep(for: .milliseconds(20)) }
            _ = try await server.call()
        }
    }

    @Test(.timeLimit(.minutes(1))) func onlyAKnownKeyOpensTheDoor() async throws {
        let agents = try TestAgents.folder()
        let settings = ["server.keys=alpha=one-key,beta=other-key", "server.maximum_sessions_per_tenant=1"]
        _ = try await ServerProcess.serve(settings, agents: agents) { server in
            for headers in ["", "Authorization: Bearer wrong\r\n"] {
                let refused = try await RawConnection.exchange(RawConnection.upgrade(headers: headers), port: server.port)
                #expect(refused.status == 401)
                #expect(refused.body.contains("gateway.bad_key"))
            }
            let alpha = try await server.call(key: "one-key")
            let token = try await alpha.ready().resumeToken
            await #expect(throws: NativeClient.Failure.self) { _ = try await server.connect(key: "one-key") }
            let beta = Caller(try await server.connect(key: "other-key"))
            try await beta.send(.start(SessionStart(resume: .init(token: token, lastSeq: 1))))
            #expect(try await beta.error().code == "session.unknown")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aWrongOrMissingSubprotocolAndAWrongPathAreRefused() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            for offer in [nil, "chat", "parley.v9"] {
                let refused = try await RawConnection.exchange(RawConnection.upgrade(protocols: offer), port: server.port)
                #expect(refused.status == 426)
                #expect(refused.body.contains("gateway.subprotocol_required"))
            }
            #expect(try await RawConnection.exchange(RawConnection.upgrade("/elsewhere"), port: server.port).status == 404)
            let origin = RawConnection.upgrade(headers: "Origin: https://evil.example\r\n")
            #expect(try await RawConnection.exchange(origin, port: server.port).status == 403)
        }
    }

    @Test(.timeLimit(.minutes(1))) func anUnknownAgentIsRefusedWithTheNamesOfTheOthers() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = Caller(try await server.connect())
            try await caller.send(.start(SessionStart(agent: "nobody")))
            let error = try await caller.error()
            #expect(error.code == "agent.unknown")
            #expect(error.message.contains("other"))
            #expect(try await caller.closed() == 4404)
        }
    }

    @Test(.timeLimit(.minutes(1))) func theMetricsCountWhatHappened() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(["server.maximum_sessions=1"], agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            _ = try await caller.ask("what is the colour")
            #expect(try await server.metric("parley_sessions_active") == 1)
            _ = try await RawConnection.exchange(RawConnection.upgrade(), port: server.port)
            // Two packets come, two between them do not.
            for number in [0, 1, 4, 5] as [UInt32] {
                try await caller.client.send(AudioPacketHeader(sequence: number, time: number * 960), payload: [0xF8, 0xFF, 0xFE])
            }
            try await caller.send(.end)
            #expect(try await caller.closed() == 1000)
            while try await server.metric("parley_sessions_active") != 0 { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try await server.metric("parley_sessions_total{outcome=\"completed\"}") == 1)
            #expect(try await server.metric("parley_turns_total{outcome=\"completed\"}") == 1)
            #expect(try await server.metric("parley_packets_in_total") == 4)
            #expect(try await server.metric("parley_packets_out_total") == Double(caller.packets.count))
            #expect(try await server.metric("parley_turn_total_seconds_count") == 1)
            #expect(try await server.metric("parley_packets_lost_total") == 2)
            let refused = try await server.get("/metrics").body.split(separator: "\n").filter { $0.hasPrefix("parley_calls_refused_total") }
            #expect(refused.contains { $0.hasSuffix(" 1") })
        }
    }
}
