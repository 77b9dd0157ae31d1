import Foundation
import Logging
import Synchronization
import Testing

@testable import Telemetry

private final class Lines: Sendable {
    private let kept = Mutex<[String]>([])
    var all: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
}

struct LineLogHandlerTests {
    private let lines = Lines()

    private func logger(_ format: LogFormat, level: Logger.Level = .info, provider: Logger.MetadataProvider? = nil) -> Logger {
        let lines = lines
        return Logger(label: "gateway") { label in
            LineLogHandler(
                label: label, format: format, level: level, metadataProvider: provider, now: { Date(timeIntervalSince1970: 1_700_000_000.25) },
                sink: { lines.add($0) })
        }
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func aJSONRecordIsOneLineWithItsFields() {
        logger(.json).info("call opened", metadata: ["tenant": "acme", "took_ms": .stringConvertible(12), "open": .stringConvertible(true)])
        #expect(
            lines.all == [
                #"{"time":"2023-11-14T22:13:20.250Z","level":"info","logger":"gateway","message":"call opened","#
                    + #""metadata":{"open":true,"tenant":"acme","took_ms":12}}"# + "\n"
            ])
    }

    @Test func aTextRecordIsForPeople() {
        logger(.text).warning("call refused", metadata: ["code": "gateway.bad_key", "from": "a b", "list": ["x", "y"]])
        #expect(lines.all == ["2023-11-14T22:13:20.250Z warning gateway: call refused code=gateway.bad_key from=\"a b\" list=[\"x\",\"y\"]\n"])
    }

    @Test(arguments: LogFormat.allCases) func hostileTextStaysInItsLine(format: LogFormat) throws {
        let hostile = "a\r\n{\"level\":\"error\"} \u{1B}[2J\u{2028}\u{0}\\\"\u{202E}"
        logger(format).info("\(hostile)", metadata: ["agent\n": "\(hostile)"])
        let line = try #require(lines.all.first)
        let control = line.unicodeScalars.dropLast().filter {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{2028}" || $0 == "\u{202E}"
        }
        #expect(control.isEmpty && line.hasSuffix("\n") && lines.all.count == 1)
        if format == .json { #expect(try object(line)["message"] as? String == hostile) }
    }

    @Test(arguments: [
        "text", "Transcript", "prompt", "authorization", "key", "token", "api_key", "apiKey", "resume-token", "http.authorization", "user.text",
        "secret", "API_KEY",
    ])
    func hiddenKeysAreMasked(key: String) {
        logger(.json).info("x", metadata: [key: "swordfish", "deep": ["list": [[key: "swordfish"]]]])
        #expect(lines.all.first?.contains("swordfish") == false)
        #expect(lines.all.first?.components(separatedBy: Redaction.mask).count == 3)
    }

    @Test(arguments: ["first_token_ms", "tokens", "code", "context", "keyboard", "prompt_version", "tenant"])
    func harmlessKeysAreNot(key: String) {
        logger(.json).info("x", metadata: [key: "seen"])
        #expect(lines.all.first?.contains("seen") == true)
    }

    @Test func whatTheHandlerAndTheProviderHoldIsMaskedToo() {
        var logger = logger(.text, provider: Logger.MetadataProvider { ["token": "from-provider", "call": "c1"] })
        logger[metadataKey: "key"] = "from-handler"
        logger.info("x", metadata: ["call": "c2"])
        #expect(lines.all.first?.hasSuffix("x call=c2 key=[redacted] token=[redacted]\n") == true)
    }

    @Test func longFieldsManyEntriesAndDeepNestingAreBounded() throws {
        var deep: Logger.MetadataValue = "bottom"
        for _ in 0..<2_000 { deep = ["in": deep] }
        var metadata: Logger.Metadata = ["a_deep": deep, "a_list": .array(Array(repeating: "x", count: 500))]
        for index in 0..<100 { metadata["m\(index)"] = .string(String(repeating: "\u{1}", count: 100_000)) }
        logger(.json).error("\(String(repeating: "y", count: 100_000))", metadata: metadata)
        let line = try #require(lines.all.first)
        #expect(line.utf8.count < 150_000)
        let fields = try #require(try object(line)["metadata"] as? [String: Any])
        #expect(fields["more"] as? Int == 70 && fields.count == 33)
        #expect((try object(line)["message"] as? String)?.count == 515)
    }

    @Test func levelsBelowTheHandlersAreSilent() {
        let logger = logger(.json, level: .warning)
        logger.info("quiet")
        logger.error("loud")
        #expect(lines.all.count == 1)
    }

    @Test func theErrorOfARecordIsWritten() throws {
        struct Broken: Error, CustomStringConvertible { var description: String { "opus.corrupt_packet: too short" } }
        logger(.json).error("decode failed", error: Broken())
        #expect(try object(#require(lines.all.first))["error"] as? String == "opus.corrupt_packet: too short")
    }
}
