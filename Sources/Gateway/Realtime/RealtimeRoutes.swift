internal import NIOHTTP1
internal import Sessions
internal import Wire

/// The realtime protocol's HTTP: `POST /v1/realtime/client_secrets`, and `POST /v1/realtime/sessions` of the older shape.
package struct RealtimeRoutes: Sendable {
    private let keys: EphemeralKeys
    private let ring: KeyRing
    private let clock: @Sendable () -> Int

    /// - Parameters:
    ///   - ring: Who may make keys.
    ///   - clock: Seconds since 1970.
    package init(keys: EphemeralKeys, ring: KeyRing, clock: @escaping @Sendable () -> Int) {
        (self.keys, self.ring, self.clock) = (keys, ring, clock)
    }

    package var all: [any HTTPRoute] {
        ["/v1/realtime/client_secrets", "/v1/realtime/sessions", "/v1/realtime/transcription_sessions"].map { path in
            SecretRoute(path: path, keys: keys, ring: ring, clock: clock)
        }
    }

    static func body(of refusal: CallRefusal) -> JSONValue {
        let code = refusal.status == 401 ? "invalid_api_key" : refusal.code
        return body(RealtimeFault(code, refusal.message), type: refusal.status < 500 ? "invalid_request_error" : "server_error")
    }

    fileprivate static func body(_ fault: RealtimeFault, type: String = "invalid_request_error") -> JSONValue {
        [
            "error": [
                "message": .string(fault.message), "type": .string(type), "param": fault.param.map(JSONValue.string) ?? .null,
                "code": .string(fault.code),
            ]
        ]
    }
}

private struct SecretRoute: HTTPRoute {
    let method = HTTPMethod.POST
    let path: String
    let bodyLimit = 512 * 1024
    let keys: EphemeralKeys
    let ring: KeyRing
    let clock: @Sendable () -> Int

    private var isBeta: Bool { !path.hasSuffix("client_secrets") }

    func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        guard let tenant = ring.tenant(of: request.headers.bearer ?? request.headers.first(name: "api-key")) else {
            return try await writer.respond(.unauthorized, Self.json, body: RealtimeRoutes.body(of: .badKey).bytes)
        }
        do {
            let answer = try answer(request.body, tenant: tenant)
            try await writer.respond(.ok, Self.json, body: answer.bytes)
        } catch let fault as RealtimeFault {
            try await writer.respond(.badRequest, Self.json, body: RealtimeRoutes.body(fault).bytes)
        }
    }

    private func answer(_ body: [UInt8], tenant: String) throws(RealtimeFault) -> JSONValue {
        var json = JSONValue.object([JSONValue.Member]())
        if !body.isEmpty {
            do { json = try JSONValue(parsing: body, depth: 64) } catch {
                throw RealtimeFault("invalid_json", "The body is not JSON: \(error.message).")
            }
        }
        guard json.members != nil else { throw RealtimeFault("invalid_json", "The body is no JSON object.") }
        if isBeta {
            let type: JSONValue = path.hasSuffix("transcription_sessions") ? "transcription_session.update" : "session.update"
            json = .object([.init("session", RealtimeBeta.incoming(["type": type, "session": json])["session"] ?? .null)])
        }
        let fields = RealtimeFields(json)
        let session = try fields.nested("session")
        let after = try fields.nested("expires_after")
        if let anchor = try after?.string("anchor", upTo: 64), anchor != "created_at" {
            throw .invalid("expires_after.anchor", "must be created_at")
        }
        let seconds = try after?.int("seconds", in: 10...7200) ?? 600
        var config = RealtimeConfig(model: try session?.string("model", upTo: 200) ?? "parley")
        if let session { try config.update(session) }
        let now = clock()
        let key = keys.make(tenant: tenant, config: config, expiry: now + seconds, now: now)
        let effective = config.json(id: "sess_\(SessionManager.randomName())", expiry: 0)
        guard isBeta else { return ["value": .string(key), "expires_at": .int(now + seconds), "session": effective] }
        let old = RealtimeBeta.outgoing(["type": "session.created", "session": effective])?["session"]?.members ?? []
        return .object(old + [.init("client_secret", ["value": .string(key), "expires_at": .int(now + seconds)])])
    }

    private static let json: HTTPHeaders = ["Content-Type": "application/json"]
}
