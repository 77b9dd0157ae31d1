import Foundation
import NIOHTTP1
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct PageTests {
    private static let kinds = [
        "/": "text/html; charset=utf-8", "/page.css": "text/css; charset=utf-8", "/parley.js": "text/javascript; charset=utf-8",
        "/icon.svg": "image/svg+xml",
    ]

    private func get(_ path: String, _ headers: String = "") -> String { "GET \(path) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n" }

    /// The value of a header in an answer.
    private func header(_ name: String, of answer: String) -> String? {
        answer.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    @Test func everyFileComesWithItsTypeAndOnceOnly() async throws {
        try await Bench.with(routes: PageRoutes.all) { bench in
            for path in PageRoutes.all.map(\.path) {
                let answer = try await bench.http(get(path))
                #expect(answer.hasPrefix("HTTP/1.1 200 "))
                if let kind = Self.kinds[path] { #expect(header("content-type", of: answer) == kind) }
                #expect(header("x-content-type-options", of: answer) == "nosniff")
                let tag = try #require(header("etag", of: answer))
                #expect(tag.wholeMatch(of: /"[0-9a-f]{32}"/) != nil)
                for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                    let again = try await bench.http(get(path, "If-None-Match: \(known)\r\n"))
                    #expect(again.hasPrefix("HTTP/1.1 304 ") && again.hasSuffix("\r\n\r\n"))
                    #expect(header("etag", of: again) == tag && header("content-length", of: again) == nil)
                }
                #expect(try await bench.http(get(path, "If-None-Match: \"other\"\r\n")).hasPrefix("HTTP/1.1 200 "))
            }
            #expect(try await bench.http("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").contains("Allow: GET\r\n"))
        }
    }

    @Test func thePageMayReachThisServerOnly() async throws {
        try await Bench.with(routes: PageRoutes.all) { bench in
            let policy = try #require(header("content-security-policy", of: try await bench.http(get("/"))))
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
            #expect(!policy.contains("unsafe") && !policy.contains("http"))
            // Others embed the module, not the page.
            #expect(header("access-control-allow-origin", of: try await bench.http(get("/parley.js"))) == "*")
            #expect(header("access-control-allow-origin", of: try await bench.http(get("/page.js"))) == nil)
        }
    }

    @Test func whatTheFilesNameIsThereAndOnThisServer() async throws {
        try await Bench.with(routes: PageRoutes.all) { bench in
            let paths = Set(PageRoutes.all.map(\.path))
            for path in paths {
                let text = try await bench.http(get(path)).components(separatedBy: "\r\n\r\n").dropFirst().joined()
                let foreign = text.replacing("http://www.w3.org/2000/svg", with: "").replacing("https://voice.example.org", with: "")
                #expect(!foreign.contains("://"))
                #expect(!text.contains("style=\"") && !text.contains("onclick=\""))
                let named = text.matches(of: /(?:from '\.|URL\('\.|src="|href=")\/?([a-z-]+\.[a-z]+)/).map { "/" + String($0.output.1) }
                #expect(paths.isSuperset(of: named))
                #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 401)
            }
        }
    }

    @Test func agentsAreListedToWhoMayCall() async throws {
        let agents = [AgentsRoute.Agent(name: "desk.en", title: "The \"desk\"", language: "en")]
        var http = HTTPDoorSettings()
        http.keys = KeyRing(["sesame": "acme"])
        try await Bench.with(http: http, routes: [AgentsRoute(agents: agents, standard: "desk.en", callPath: "/v1/call")]) { bench in
            let refused = try await bench.http(get("/v1/agents"))
            #expect(refused.contains(#""code":"gateway.bad_key""#))
            let expected = #"{"agents":[{"name":"desk.en","title":"The \"desk\"","language":"en"}],"default":"desk.en","call_path":"/v1/call"}"#
            for request in [get("/v1/agents", "Authorization: Bearer sesame\r\n"), get("/v1/agents?key=sesame")] {
                let answer = try await bench.http(request)
                #expect(answer.hasSuffix("\r\n\r\n" + expected))
            }
        }
    }

    @Test func theOwnPageOfAnOpenServerMayCall() async throws {
        var settings = SocketDoorSettings()
        settings.allowsOpen = true
        let page = Bench.upgrade.replacing("Host: x\r\n", with: "Host: voice.example:8443\r\nOrigin: https://voice.example:8443\r\n")
        let other = Bench.upgrade.replacing("Host: x\r\n", with: "Host: voice.example:8443\r\nOrigin: https://voice.example\r\n")
        for (request, isOpen) in [(other, true), (page, false)] {
            settings.allowsOpen = isOpen
            try await Bench.with(settings: settings) { bench in
                let answer = try await bench.http(request)
                #expect(answer.hasPrefix("HTTP/1.1 403 "))
            }
        }
        settings.allowsOpen = true
        try await Bench.with(settings: settings) { bench in
            let client = try await bench.connect(headers: [("Origin", "http://127.0.0.1:\(bench.port)")])
            await client.abandon()
            // Whoever is taken is given no answer to read to its end, so what closes here is a frame that no client may send.
            let bytes = try await bench.exchange(Array(page.utf8) + Bench.frame(0x81, [1], mask: nil))
            #expect(String(decoding: bytes.prefix(32), as: UTF8.self).hasPrefix("HTTP/1.1 101 "))
        }
    }
}
