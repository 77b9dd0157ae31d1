internal import Crypto
internal import NIOHTTP1
internal import Sessions
internal import Wire

/// Checks that a request comes from Twilio: it signs the address that it was given, and the fields of a form.
package struct TwilioSignature: Sendable {
    /// Whose calls those of Twilio are.
    package let tenant: String
    private let token: [UInt8]
    /// Host and port as Twilio knows them, without scheme.
    private let authority: String

    static let refusal = CallRefusal(status: 403, code: "phone.bad_signature", message: "the request is not signed by Twilio, or for another address")

    /// - Parameters:
    ///   - token: The account's auth token.
    ///   - publicURL: The address of this server as Twilio was told it, `https://HOST` or `https://HOST:PORT`. What a request says of its host is
    ///     never believed.
    package init(token: String, publicURL: String, tenant: String = "twilio") {
        (self.token, self.tenant) = (Array(token.utf8), tenant)
        let rest = publicURL.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
        authority = String(rest ?? "")
    }

    /// Whether a request is signed.
    ///
    /// - Parameters:
    ///   - scheme: `https` or `wss`, as Twilio was told.
    ///   - form: Names and values of a form that came with it, decoded.
    func signs(_ head: HTTPRequestHead, scheme: String, form: [(name: String, value: String)]) -> Bool {
        guard let header = head.headers.first(name: "x-twilio-signature"), let given = Base64.bytes(header), !authority.isEmpty else { return false }
        let settings = head.headers.first(name: "x-twilio-webhooks-signature-settings") ?? ""
        let isLong = settings.contains("algorithm=HMAC_SHA256")
        // Twilio may or may not write the port that a scheme stands for.
        let hosts = authority.contains(":") ? [authority] : [authority, "\(authority):443"]
        return hosts.contains { host in
            let signed = Array("\(scheme)://\(host)\(head.uri)\(Self.text(of: form))".utf8)
            let key = SymmetricKey(data: token)
            // Compares in constant time.
            return isLong
                ? HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: signed, using: key)
                : HMAC<Insecure.SHA1>.isValidAuthenticationCode(given, authenticating: signed, using: key)
        }
    }

    /// Names in order, each with its values in order and once.
    private static func text(of form: [(name: String, value: String)]) -> String {
        var text = ""
        for name in Set(form.map(\.name)).sorted() {
            for value in Set(form.filter { $0.name == name }.map(\.value)).sorted() { text += name + value }
        }
        return text
    }
}
