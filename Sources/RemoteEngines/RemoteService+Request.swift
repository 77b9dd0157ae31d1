internal import Engines
internal import Foundation
internal import HTTPStreams

extension RemoteService {
    /// A POST of JSON; the service's own fields are merged in.
    func request(_ path: String, json fields: [String: JSONValue], headers: [(name: String, value: String)]) throws(EngineError) -> HTTPRequest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(JSONValue.object(fields.merging(self.fields) { _, own in own })) else {
            throw EngineError(.badRequest, "a request that cannot be written as JSON")
        }
        return request(path, body: .bytes(Array(body)), headers: [("content-type", "application/json")] + headers)
    }

    /// A POST of anything.
    func request(_ path: String, body: HTTPRequest.Body, headers: [(name: String, value: String)]) -> HTTPRequest {
        var base = baseURL[...]
        while base.last == "/" { base.removeLast() }
        let timeLimits = TimeLimits(
            connect: limits.connect, firstByte: nil, firstContent: limits.first, idle: limits.idle, total: limits.total)
        return HTTPRequest(method: "POST", url: base + path, headers: headers + self.headers, body: body, limits: timeLimits)
    }

    /// `Authorization: Bearer`, if there is a key.
    var bearer: [(name: String, value: String)] { key.map { [("authorization", "Bearer \($0.secret)")] } ?? [] }
}

/// A name made fit for a header: printable ASCII, the rest percent-encoded.
func headerValue(_ name: String) -> String {
    name.utf8.map { (0x20...0x7E).contains($0) && $0 != 0x25 ? String(UnicodeScalar($0)) : "%" + String(format: "%02X", $0) }.joined()
}
