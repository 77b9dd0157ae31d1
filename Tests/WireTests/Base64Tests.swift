import Foundation
import Testing
import Wire

@Suite struct Base64Tests {
    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy")])
    func theVectorsOfTheStandardHold(plain: String, text: String) {
        #expect(Base64.text(Array(plain.utf8)) == text)
        #expect(Base64.bytes(text) == Array(plain.utf8))
        #expect(Base64.bytes(text.replacing("=", with: "")) == Array(plain.utf8))
    }

    @Test func everyByteAndLengthGoesThereAndBack() {
        for length in 0...300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) }
            #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
            #expect(Base64.bytes(Base64.text(bytes)) == bytes)
            #expect(Base64.byteCount(Base64.text(bytes)) == length)
        }
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", "Zm 9v", "Zm9-", "Zm9_", "Zh==", "Zm9=", "=Zm9", "Zg==Zg==", "é"])
    func whatIsNotBase64IsRefused(text: String) { #expect(Base64.bytes(text) == nil) }
}
