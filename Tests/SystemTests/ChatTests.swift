import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct ChatTests {
    private func chat(_ body: String, _ server: ServerProcess) async throws -> (events: [JSONValue], token: String?) {
        let request = "POST /v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let answer = try await RawConnection.exchange(request, port: server.port)
        let lines = answer.body.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("data: ") }
        let events = try lines.map { try JSONValue(parsing: Array($0.dropFirst(6).utf8)) }
        return (events, events.first?["resume_token"]?.string)
    }

    @Test(.timeLimit(.minutes(1))) func aChatIsAnsweredAndGoesOnByVoice() async throws {
        let agents = try TestAgents.folder()
        let services = try FakeServices([.says(["Fine, ", "thanks."]), .says(["By voice now."])])
        _ = try await ServerProcess.serve(services.model, agents: agents) { server in
            let first = try await chat(#"{"agent":"other","text":"how are you"}"#, server)
            #expect(first.events.first?["greeting"]?.string == "Good day to you.")
            #expect(first.events.compactMap { $0["type"]?.string } == ["session.ready", "agent.delta", "agent.delta", "agent.finished"])
            #expect(first.events.last?["text"]?.string == "Fine, thanks.")
            let token = try #require(first.token)
            let call = try await server.call(SessionStart(resume: .init(token: token, lastSeq: 0)))
            let ready = try await call.ready()
            #expect(ready.agent == "other" && ready.resumed && ready.resumeToken == token)
            #expect(try await call.ask("and now").heard == "By voice now.")
            let asked = try JSONValue(parsing: Array(try #require(services.chats.last).utf8))
            let words = asked["messages"]?.array?.compactMap { $0["content"]?.string } ?? []
            #expect(words.suffix(4) == ["Good day to you.", "how are you", "Fine, thanks.", "and now"])
            // What was the chat is a call now.
            let again = try await chat(#"{"resume_token":"\#(token)","text":"still there?"}"#, server)
            #expect(again.events.isEmpty)
        }
    }
}
