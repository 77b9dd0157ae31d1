internal import Audio
package import Dialogue
package import Engines
package import HTTPStreams

/// A synthesizer behind the audio speech API: text up, raw 16-bit audio streamed down.
package struct OpenAISpeech: Synthesizer {
    package struct Settings: Sendable {
        package var service: RemoteService
        package var model: String
        /// The voice of requests that name none.
        package var voice: String
        /// Hertz of the service's `pcm`; the vendor's own is 24,000.
        package var sampleRate: Int
        /// Languages the service speaks; nil for any.
        package var languages: Set<Language>?

        package init(service: RemoteService, model: String, voice: String, sampleRate: Int = 24_000, languages: Set<Language>? = nil) {
            precondition(sampleRate > 0, "a sample rate is positive")
            (self.service, self.model, self.voice) = (service, model, voice)
            (self.sampleRate, self.languages) = (sampleRate, languages)
        }
    }

    package let name: String
    private let settings: Settings
    private let caller: RemoteCaller

    /// - Parameters:
    ///   - client: Shared by all adapters of the process; the owner shuts it down.
    ///   - clock: Times the waits between attempts.
    package init(_ settings: Settings, client: HTTPClient, clock: any Clock<Duration> = ContinuousClock()) {
        name = settings.model
        self.settings = settings
        caller = RemoteCaller(client: client, limits: settings.service.limits, retry: settings.service.retry, clock: clock)
    }

    package func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        if let languages = settings.languages, !languages.contains(request.language) {
            throw EngineError(.unsupportedLanguage, request.language.rawValue)
        }
        var fields: [String: JSONValue] = [
            "model": .string(settings.model), "input": .string(request.text), "voice": .string(request.voice ?? settings.voice),
            "response_format": "pcm",
        ]
        if request.pace != 1 { fields["speed"] = .number(min(max(request.pace, 0.25), 4)) }
        let headers = settings.service.bearer + [("accept", "application/octet-stream")]
        var http = try settings.service.request("/audio/speech", json: fields, headers: headers)
        http.version = .http1  // a listener who is behind holds the service back exactly
        try await caller.call(http) { attempt in
            let body = attempt.response.body
            let type = attempt.response.header("content-type")?.lowercased() ?? ""
            guard !["json", "mpeg", "ogg", "opus", "aac", "flac", "text/"].contains(where: type.contains) else {
                throw RemoteFailure(.badAnswer, "not the raw audio asked for")
            }
            var reader = SpeechReader(sampleRate: settings.sampleRate)
            for try await bytes in body {
                let samples = try reader.take(bytes)
                if !samples.isEmpty { try await pass(samples, reader, &attempt, onChunk) }
            }
            let rest = try reader.finish()
            if !rest.isEmpty { try await pass(rest, reader, &attempt, onChunk) }
            guard attempt.hasDelivered else { throw RemoteFailure(.badAnswer, "no audio came") }
        }
    }

    private func pass(
        _ samples: [Float], _ reader: SpeechReader, _ attempt: inout Attempt, _ onChunk: @Sendable (SpeechChunk) async throws -> Void
    ) async throws {
        let chunk = SpeechChunk(audio: PCMAudio(sampleRate: reader.sampleRate, samples: samples))
        try await attempt.deliver { try await onChunk(chunk) }
    }
}
