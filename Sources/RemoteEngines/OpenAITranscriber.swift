internal import Audio
package import Dialogue
package import Engines
internal import Foundation
package import HTTPStreams

/// A recogniser behind the audio transcriptions API: one WAV file up, one text down.
package struct OpenAITranscriber: Recognizer {
    package struct Settings: Sendable {
        package var service: RemoteService
        package var model: String
        /// Languages the service is asked for; nil for any.
        package var languages: Set<Language>?
        /// A partial costs a whole request each; off unless the service is near and cheap.
        package var servesPartials: Bool

        package init(service: RemoteService, model: String, languages: Set<Language>? = nil, servesPartials: Bool = false) {
            (self.service, self.model) = (service, model)
            (self.languages, self.servesPartials) = (languages, servesPartials)
        }
    }

    private struct Answer: Decodable { var text: String }

    package let name: String
    package var servesPartials: Bool { settings.servesPartials }
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

    package func transcribe(_ request: RecognitionRequest) async throws -> Transcript {
        if let languages = settings.languages, !languages.contains(request.language) {
            throw EngineError(.unsupportedLanguage, request.language.rawValue)
        }
        guard request.sound.count > 0 else { return Transcript(text: "") }
        var parts = [("model", settings.model), ("language", request.language.rawValue), ("response_format", "json")]
        if !request.hints.isEmpty { parts.append(("prompt", request.hints.joined(separator: ", "))) }
        for (name, value) in settings.service.fields.sorted(by: { $0.key < $1.key }) {
            parts.removeAll { $0.0 == name }
            parts.append((name, value.formText))
        }
        let wav = WAVFile.encode(PCMAudio(sampleRate: VoiceDetection.sampleRate, samples: request.sound.samples))
        let form = parts.map { HTTPRequest.FormPart(name: $0.0, bytes: Array($0.1.utf8)) }
        let file = HTTPRequest.FormPart(name: "file", fileName: "speech.wav", contentType: "audio/wav", bytes: wav)
        let upload = settings.service.request("/audio/transcriptions", body: .form(form + [file]), headers: settings.service.bearer)
        return try await caller.call(upload) { attempt in
            let body = try await attempt.response.body.collect(upTo: 1 << 20)
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
                throw RemoteFailure(.badAnswer, "\(body.count) bytes that are not the JSON expected")
            }
            return Transcript(text: answer.text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}

extension JSONValue {
    /// The value as a form takes it.
    fileprivate var formText: String {
        switch self {
        case .null: ""
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value
        case .array, .object: (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
