import Testing

@testable import Gateway

/// How an upgrade is answered.
struct UpgradeTests {
    /// The example of RFC 6455, section 1.3.
    @Test func theKeyIsAnswered() { #expect(CallUpgrader.acceptance(of: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") }
}
