import Gateway
import Synchronization
import Wire

/// A caller's connection to a server, by the line that it calls over.
enum CallLink: Sendable {
    case native(NativeClient)
    case telephone(TwilioClient)

    /// Says something that a telephone may not know how to say; then nothing is said.
    func send(_ event: ClientEvent) async throws {
        if case .native(let client) = self { try await client.send(event) }
    }

    /// Hangs up.
    func close() async {
        switch self {
        case .native(let client): await client.close()
        case .telephone(let client): try? await client.hangUp()
        }
    }
}

extension CallClient {
    /// Calls over Twilio's media stream, which is asked to tell what goes on as well.
    func connectTelephone() async throws {
        var parameters = ["events": "true"]
        parameters["agent"] = options.agent
        parameters["language"] = options.language
        for (name, value) in options.variables { parameters["variables.\(name)"] = value }
        let client = try await TwilioClient.connect(to: options.url, parameters: parameters, group: group)
        use(.telephone(client))
        Task { [weak self] in
            for await received in client.received {
                guard let self else { return }
                await self.take(received, client)
            }
        }
    }

    private func take(_ received: TwilioClient.Received, _ client: TwilioClient) async {
        switch received {
        case .heard(.event(let numbered)): await take(numbered, over: .telephone(client))
        // The line itself plays, clears and gives marks back.
        case .heard(.media), .heard(.mark), .heard(.clear): break
        case .unknown(let error): progress.withLock { $0.report.errors.append(error.code) }
        case .closed(let code):
            progress.withLock { progress in
                progress.report.closeCode = code
                progress.isClosed = true
            }
        }
    }
}
