import HTTPStreams

extension HTTPClient {
    /// A direct client, unless told otherwise.
    static func forTests(_ change: (inout Configuration) -> Void = { _ in }) throws -> HTTPClient {
        var configuration = Configuration()
        configuration.proxy = .direct
        change(&configuration)
        return try HTTPClient(configuration)
    }

    func text(_ url: String) async throws -> String {
        String(decoding: try await send(HTTPRequest(url: url)).body.collect(upTo: 1 << 20), as: UTF8.self)
    }
}

/// The code a body fails with; nil if it does not.
func code(_ body: () async throws -> Void) async -> HTTPStreamError.Code? {
    do { try await body() } catch let error as HTTPStreamError { return error.code } catch {}
    return nil
}
