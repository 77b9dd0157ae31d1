import Foundation
import Testing

/// The load tool against a real server with scripted engines.
@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct LoadTests {
    private static let recordings = DemoCaller.folder.path

    private func load(_ mix: String, _ arguments: [String], settings: [String] = [], door: String = "native", callers: Int = 10)
        async throws -> ServerProcess.End
    {
        let end = Kept<ServerProcess.End>()
        let server = try await ServerProcess.serve(settings, agents: try TestAgents.folder(), arguments: ["--engines", "scripted"]) { server in
            end.value = try await ServerProcess.run(
                [
                    "load", Self.recordings, "--url", "ws://127.0.0.1:\(server.port)", "--door", door, "--mix", mix, "--callers", "\(callers)",
                    "--ramp", "0.5",
                ] + arguments)
        }
        #expect(server.code == 0)
        return try #require(end.value)
    }

    /// The number before or after a word of the output.
    private func number(after label: String, in output: String) -> Int? {
        output.firstRange(of: label).flatMap { Int(output[$0.upperBound...].prefix { $0.isNumber }) }
    }

    private static let faultless = ["errors", "engine_errors", "failed_turns", "gaps", "out_of_order", "wrong_turn", "sessions_left"].flatMap {
        ["--limit", "\($0)=0"]
    }

    @Test(.timeLimit(.minutes(1))) func listenersAreHeardWithoutAReply() async throws {
        let end = try await load("listening", ["--seconds", "3"] + Self.faultless)
        #expect(end.code == 0, "\(end.output)")
        #expect(end.output.contains("connect to session ready"))
        #expect(end.output.contains("send to answered, behind an audio packet"))
        #expect(end.output.contains("reply packets 0"))
        // 10 callers, 50 packets a second, for 3 s and what connecting took.
        #expect(try #require(number(after: "packets sent ", in: end.output)) > 1_200)
    }

    @Test(.timeLimit(.minutes(1))) func conversationsGetTheirRepliesInOrder() async throws {
        let port = try FreePort.find()
        let settings = ["llm.engine=openai", "llm.url=http://127.0.0.1:\(port)/v1"]
        let end = try await load("conversation", ["--seconds", "12", "--stub-llm", "\(port)"] + Self.faultless, settings: settings)
        #expect(end.code == 0, "\(end.output)")
        #expect(end.output.contains("the same less the engines' own time"))
        #expect(try #require(number(after: ", replies ", in: end.output)) >= 8)
        #expect(try #require(number(after: "reply packets ", in: end.output)) > 500)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["realtime", "realtime-pcmu", "twilio"])
    func callersOfOtherProtocolsAreHeardAndAnswered(door: String) async throws {
        let port = try FreePort.find()
        let settings = ["llm.engine=openai", "llm.url=http://127.0.0.1:\(port)/v1"]
        // Few, since audio as text costs a debug build much.
        let end = try await load(
            "conversation", ["--seconds", "12", "--stub-llm", "\(port)"] + Self.faultless, settings: settings, door: door, callers: 3)
        #expect(end.code == 0, "\(end.output)")
        #expect(end.output.contains("send to answered, behind an audio packet"))
        #expect(end.output.contains("sentence to packet, less the voice's own"))
        // The telephone does not tell when a turn is taken.
        #expect(end.output.contains("the same less the engines' own time") == (door != "twilio"))
        #expect(try #require(number(after: ", replies ", in: end.output)) >= 3)
    }

    @Test(.timeLimit(.minutes(1))) func idleCallersStayAndCallersOfChurnLeaveNothingBehind() async throws {
        let idle = try await load("idle", ["--seconds", "2"] + Self.faultless)
        #expect(idle.code == 0, "\(idle.output)")
        let churn = try await load("churn", ["--seconds", "3", "--rate", "2"] + Self.faultless)
        #expect(churn.code == 0, "\(churn.output)")
        #expect(try #require(number(after: "calls ", in: churn.output)) >= 4)
        #expect(churn.output.contains("sessions left 0"))
        #expect(churn.output.contains("server before and after: open files "))
    }

    @Test(.timeLimit(.minutes(1))) func aLimitThatIsMissedIsExitCode1() async throws {
        let end = try await load("listening", ["--seconds", "1", "--limit", "answered_p50_ms=0.001"])
        #expect(end.code == 1)
        #expect(end.output.contains("limit missed: answered_p50_ms=0.001"))
    }

    @Test(.timeLimit(.minutes(1))) func whoStopsARunIsToldWhatWasMeasured() async throws {
        let load = Kept<ServerProcess.End>()
        _ = try await ServerProcess.serve(agents: try TestAgents.folder(), arguments: ["--engines", "scripted"]) { server in
            let arguments = ["load", Self.recordings, "--url", "ws://127.0.0.1:\(server.port)", "--callers", "3", "--seconds", "600"]
            load.value = try await ServerProcess.run(arguments, until: "measuring, 3 connected")
        }
        let end = try #require(load.value)
        #expect(end.code == 130, "\(end.output)")
        #expect(end.output.contains("stopped after "))
        #expect(try #require(number(after: "packets sent ", in: end.output)) > 100)
        #expect(end.output.contains("sessions left 0"))
    }

    @Test(.timeLimit(.minutes(1))) func aServerThatIsNotThereIsSaid() async throws {
        let port = try FreePort.find()
        let end = try await ServerProcess.run(["load", Self.recordings, "--url", "ws://127.0.0.1:\(port)/v1/call", "--callers", "2", "--ramp", "0"])
        #expect(end.code == 1)
        #expect(end.output.contains("load.no_session"))
        #expect(end.output.contains("client.unreachable"))
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNoLimitIsRefusedBeforeAnyCall() async throws {
        let end = try await ServerProcess.run(["load", Self.recordings, "--limit", "speed=3"])
        #expect(end.code != 0)
        #expect(end.output.contains("there is no figure 'speed'"))
    }

    @Test(.timeLimit(.minutes(1))) func failuresOfEnginesAreToldWithTheirCodesAndSurvived() async throws {
        let port = try FreePort.find()
        let settings = [
            "llm.engine=openai", "llm.url=http://127.0.0.1:\(port)/v1", "llm.first_token_ms=1000", "llm.idle_ms=500",
            "synthesizer.timeout_ms=1000", "engines.failure_rate=0.2",
        ]
        let survived = ["errors", "wrong_turn", "out_of_order", "missed_replies", "sessions_left"].flatMap { ["--limit", "\($0)=0"] }
        let end = try await load(
            "conversation", ["--seconds", "14", "--stub-llm", "\(port)", "--stub-failures", "0.3"] + survived, settings: settings)
        #expect(end.code == 0, "\(end.output)")
        #expect(end.output.contains("engine errors that were told: engine."))
        #expect(try #require(number(after: "turns failed ", in: end.output)) > 0)
        #expect(try #require(number(after: "stub: failed on purpose in ", in: end.output)) > 0)
    }

    @Test(.timeLimit(.minutes(1))) func enginesThatDoNotFailOnPurposeCannotBeToldTo() async throws {
        let agents = try TestAgents.folder()
        let end = try await ServerProcess.runUntilServing(["serve"] + ServerProcess.overrides(["engines.failure_rate=0.1"], agents))
        #expect(end.code == 1)
        #expect(end.output.contains("engines.failure_rate"))
        for arguments in [["--stub-failures", "0.1"], ["--stub-failures", "1.5", "--stub-llm", "7351"]] {
            let load = try await ServerProcess.run(["load", Self.recordings] + arguments)
            #expect(load.code != 0)
            #expect(load.output.contains("--stub-failures"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func enginesThatAreNotKnownStopTheStart() async throws {
        let agents = try TestAgents.folder()
        let end = try await ServerProcess.runUntilServing(["serve"] + ServerProcess.overrides([], agents) + ["--engines", "scrpited"])
        #expect(end.code == 1)
        #expect(end.output.contains("engines.mode"))
    }
}
