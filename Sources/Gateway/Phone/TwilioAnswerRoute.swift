package import NIOHTTP1
internal import Sessions

/// `/v1/phone/twilio/answer`: what Twilio is to do with a call that comes in. `agent` and `language` in its address choose who answers.
package struct TwilioAnswerRoute: HTTPRoute {
    package let method: HTTPMethod
    package let path = "/v1/phone/twilio/answer"
    package let bodyLimit = 64 * 1024
    private let signature: TwilioSignature?
    private let stream: String

    /// Both methods that Twilio may be told to use.
    ///
    /// - Parameters:
    ///   - publicURL: The address of this server as Twilio was told it, `https://HOST`.
    ///   - signature: Nil answers everybody; the answer holds nothing secret.
    package static func both(publicURL: String, signature: TwilioSignature?) -> [any HTTPRoute] {
        [HTTPMethod.POST, .GET].map { TwilioAnswerRoute(method: $0, publicURL: publicURL, signature: signature) }
    }

    private init(method: HTTPMethod, publicURL: String, signature: TwilioSignature?) {
        (self.method, self.signature) = (method, signature)
        let rest = publicURL.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        stream = "wss://\(rest)\(PhoneDoor.path(of: .twilio))"
    }

    package func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        if let signature {
            let form = RequestTarget.pairs(in: String(decoding: request.body, as: UTF8.self)[...])
            let head = HTTPRequestHead(version: .http1_1, method: method, uri: request.uri, headers: request.headers)
            guard let form, signature.signs(head, scheme: "https", form: form) else { throw TwilioSignature.refusal }
        }
        let parameters = ["agent", "language"].compactMap { name in
            request.query(name).map { #"<Parameter name="\#(name)" value="\#(Self.escaped($0))"/>"# }
        }
        let answer =
            #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
            + #"<Response><Connect><Stream url="\#(Self.escaped(stream))">\#(parameters.joined())</Stream></Connect></Response>"# + "\n"
        try await writer.respond(.ok, ["Content-Type": "text/xml; charset=utf-8", "Cache-Control": "no-store"], body: Array(answer.utf8))
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            // XML has no place for most control characters, escaped or not.
            case _ where scalar.value < 0x20: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
