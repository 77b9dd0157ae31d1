/// A request as the server read it.
package struct TestRequest: Sendable {
    package let method: String
    package let target: String
    /// Names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]
    /// Which of the server's connections it came on, from 1.
    package let connection: Int
    /// Which of the server's requests it is, from 1.
    package let number: Int

    package var text: String { String(decoding: body, as: UTF8.self) }
}
