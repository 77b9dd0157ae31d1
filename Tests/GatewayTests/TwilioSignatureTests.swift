import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct TwilioSignatureTests {
    static let token = "12345678901234567890123456789012"

    private struct Vector: Sendable {
        var scheme = "https"
        var host = "voice.example.org"
        var uri: String
        var form: [(name: String, value: String)] = []
        var signature: String
        var isLong = false
    }

    private static let vectors = [
        Vector(
            uri: "/incoming-call",
            form: [("CallSid", "CA0123"), ("From", "+15550001111"), ("To", "+15550002222"), ("AccountSid", "AC77")],
            signature: "O33i3TE2a5Wn9LDwSxAFWVhgfrg="),
        Vector(uri: "/incoming-call?x=1&y=a%20b", form: [("B", "2"), ("A", "1")], signature: "SMt6c42bk5/oXtm0MTUZJHATPTs="),
        Vector(scheme: "wss", uri: "/media-stream", signature: "QHOXxb/4mWiOHlaeMTPd5pdtW0A="),
        Vector(scheme: "wss", uri: "/media-stream", signature: "R5v2nRQ+qEKBp0AIaoKoqLTU+KWuPStJI5nmCBJqdeo=", isLong: true),
        Vector(host: "voice.example.org:8443", uri: "/cb", signature: "U6hC3x1U5RD/ANoEJINbGf7upao="),
        Vector(
            host: "h", uri: "/x", form: [("Digits", "2"), ("Digits", "1"), ("Digits", "2"), ("A", "x")], signature: "RBGNzGzJxRTwGEOnfAfMMUvKGuM="),
    ]

    private func signs(_ vector: Vector, _ signature: String?, token: String = token, url: String? = nil) -> Bool {
        var headers = HTTPHeaders()
        if let signature { headers.add(name: "X-Twilio-Signature", value: signature) }
        if vector.isLong { headers.add(name: "X-Twilio-Webhooks-Signature-Settings", value: "key=k1,algorithm=HMAC_SHA256") }
        // What the request says of its host counts for nothing.
        headers.add(name: "Host", value: "internal:7350")
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: vector.uri, headers: headers)
        return TwilioSignature(token: token, publicURL: url ?? "https://\(vector.host)").signs(head, scheme: vector.scheme, form: vector.form)
    }

    @Test(arguments: vectors.indices) func theSignaturesOfTwiliosLibraryAreTaken(index: Int) {
        #expect(signs(Self.vectors[index], Self.vectors[index].signature))
    }

    @Test(arguments: vectors.indices) func anythingElseIsNot(index: Int) {
        let vector = Self.vectors[index]
        for wrong in [nil, "", "A" + vector.signature.dropFirst(), String(vector.signature.dropLast(4)), "no base64", vector.signature + "AAAA"] {
            #expect(!signs(vector, wrong))
        }
        var other = vector
        other.uri += "x"
        #expect(!signs(other, vector.signature))
        other = vector
        other.form.append(("More", "1"))
        #expect(!signs(other, vector.signature))
        other = vector
        other.isLong.toggle()
        #expect(!signs(other, vector.signature))
        #expect(!signs(vector, vector.signature, token: "other"))
        #expect(!signs(vector, vector.signature, url: "https://elsewhere.example"))
        #expect(!signs(vector, vector.signature, url: ""))
    }
}
