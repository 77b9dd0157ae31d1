import Audio
import Dialogue
import Engines
import Foundation
import HTTPStreams
import HTTPTestServer
import RemoteEngines
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SpeechEngineTests {
    @Test func aTranscriptionUploadsAWAVAndItsHints() async throws {
        let server = try TestServer { try $0.answer(200, [:], "{\"text\":\" Parley.\",\"usage\":{\"type\":\"duration\"}}") }
        let client = try HTTPClient.direct()
        let service = RemoteService(baseURL: server.url + "/v1", key: ServiceKey("k"), fields: ["temperature": 0, "response_format": "json"])
        let engine = OpenAITranscriber(.init(service: service, model: "whisper"), client: client)
        #expect(!engine.servesPartials)
        let samples = [Float](repeating: 0.5, count: 1600)
        let request = RecognitionRequest(audio: samples, language: .chinese, purpose: .final, hints: ["Parley", "Opus"])
        #expect(try await engine.transcribe(request) == Transcript(text: "Parley."))
        await client.shutdown()
        let seen = try #require(server.requests.first)
        #expect(seen.target == "/v1/audio/transcriptions")
        let parts = Self.parts(seen)
        #expect(parts.map(\.name) == ["model", "language", "prompt", "response_format", "temperature", "file"])
        #expect(parts.dropLast().map { String(decoding: $0.body, as: UTF8.self) } == ["whisper", "zh", "Parley, Opus", "json", "0"])
        let file = try WAVFile(try #require(parts.last).body)
        #expect(file.sampleRate == 16_000)
        #expect(file.samples == samples)
    }

    @Test func aLanguageThatIsNotServedIsRefusedBeforeAnythingIsSent() async throws {
        let server = try TestServer { try $0.answer(200, [:], "") }
        let client = try HTTPClient.direct()
        let service = RemoteService(baseURL: server.url)
        let ear = OpenAITranscriber(.init(service: service, model: "m", languages: [.english]), client: client)
        let mouth = OpenAISpeech(.init(service: service, model: "m", voice: "v", languages: [.english]), client: client)
        await #expect { _ = try await ear.transcribe(.init(audio: [0], language: .chinese, purpose: .final)) } throws: {
            ($0 as? EngineError)?.code == .unsupportedLanguage
        }
        await #expect { try await mouth.speak(.init(text: "x", language: .chinese)) { _ in } } throws: {
            ($0 as? EngineError)?.code == .unsupportedLanguage
        }
        #expect(server.requests.isEmpty)
        await client.shutdown()
    }

    @Test func aSpeechRequestIsAsTheServiceTakesIt() async throws {
        let server = try TestServer { try $0.answer(200, ["content-type": "audio/pcm"], PCM16.bytes([Float](repeating: 0.5, count: 960))) }
        let client = try HTTPClient.direct()
        let engine = OpenAISpeech(.init(service: RemoteService(baseURL: server.url), model: "tts", voice: "alloy"), client: client)
        let counter = Counter()
        try await engine.speak(.init(text: "Hello.", language: .english, voice: "nova", pace: 1.25)) { counter.add($0.audio.samples.count) }
        #expect(counter.value == 960)
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.requests.first).body))
        #expect(json == ["model": "tts", "input": "Hello.", "voice": "nova", "response_format": "pcm", "speed": 1.25])
        await client.shutdown()
    }

    @Test(arguments: ["audio/mpeg", "application/json", "text/html; charset=utf-8"])
    func soundInAnotherFormIsRefused(type: String) async throws {
        let server = try TestServer { try $0.answer(200, ["content-type": type], [UInt8](repeating: 1, count: 4000)) }
        let client = try HTTPClient.direct()
        let engine = OpenAISpeech(.init(service: RemoteService(baseURL: server.url), model: "m", voice: "v"), client: client)
        await #expect { try await engine.speak(.init(text: "x", language: .english)) { _ in } } throws: { ($0 as? EngineError)?.code == .badAnswer }
        await client.shutdown()
    }

    private static func parts(_ request: TestRequest) -> [(name: String, body: [UInt8])] {
        let boundary = "--" + (request.headers["content-type"]?.split(separator: "boundary=").last.map(String.init) ?? "")
        return Data(request.body).pieces(between: Data(boundary.utf8)).compactMap { piece in
            guard let head = piece.range(of: Data("\r\n\r\n".utf8)) else { return nil }
            let lines = String(decoding: piece[..<head.lowerBound], as: UTF8.self)
            let name = lines.split(separator: "name=\"").dropFirst().first?.split(separator: "\"").first ?? ""
            return (String(name), [UInt8](piece[head.upperBound...].dropLast(2)))
        }
    }
}

extension Data {
    fileprivate func pieces(between mark: Data) -> [Data] {
        var (pieces, start): ([Data], Data.Index) = ([], startIndex)
        while let found = self[start...].range(of: mark) {
            pieces.append(self[start..<found.lowerBound])
            start = found.upperBound
        }
        return pieces
    }
}
