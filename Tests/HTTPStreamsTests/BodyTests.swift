import HTTPStreams
import HTTPTestServer
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BodyTests {
    private func seen(_ request: (String) -> HTTPRequest) async throws -> TestRequest {
        let server = try TestServer { try $0.answer(200, [:], "ok") }
        let client = try HTTPClient.forTests()
        let response = try await client.send(request(server.url))
        _ = try await response.body.collect(upTo: 10)
        await client.shutdown()
        return try #require(server.requests.first)
    }

    @Test func bytesArriveWhole() async throws {
        let bytes = [UInt8](repeating: 65, count: 3_000_000)
        let request = try await seen {
            HTTPRequest(method: "PUT", url: $0 + "/a?b=c", headers: [("x-empty", ""), ("content-type", "audio/wav")], body: .bytes(bytes))
        }
        #expect(request.method == "PUT")
        #expect(request.target == "/a?b=c")
        #expect(request.body == bytes)
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["x-empty"] == "")
        #expect(request.headers["content-type"] == "audio/wav")
    }

    @Test func anEmptyBodyIsEmpty() async throws {
        let request = try await seen { HTTPRequest(method: "POST", url: $0, body: .bytes([])) }
        #expect(request.headers["content-length"] == "0")
        #expect(request.method == "POST")
    }

    @Test func aFormHasItsPartsInOrder() async throws {
        let parts = [
            HTTPRequest.FormPart(name: "model", bytes: Array("whisper".utf8)),
            HTTPRequest.FormPart(name: "file", fileName: "a.wav", contentType: "audio/wav", bytes: [0x52, 0, 13, 10, 0x7E]),
        ]
        let request = try await seen { HTTPRequest(method: "POST", url: $0, body: .form(parts)) }
        let boundary = try #require(request.headers["content-type"]?.split(separator: "boundary=").last)
        let expected = """
            --\(boundary)\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n\
            --\(boundary)\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n\
            R\0\r\n~\r\n--\(boundary)--\r\n
            """
        #expect(request.text == expected)
    }

    @Test func aProxyIsUsed() async throws {
        let server = try TestServer { try $0.answer(200, [:], $0.request.target) }
        let client = try HTTPClient.forTests { $0.proxy = .url(server.url) }
        #expect(try await client.text("http://nowhere.invalid/echo") == "http://nowhere.invalid/echo")
        await client.shutdown()
    }
}
