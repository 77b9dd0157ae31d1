import Testing

@testable import Settings

struct JSONDocumentTests {
    private func parse(_ text: String) throws(JSONDocument.Failure) -> JSONDocument { try JSONDocument.parse(Array(text.utf8)) }

    @Test func valuesKnowTheirLines() throws {
        let document = try parse("\u{FEFF}{\n  \"a\": 1,\n\n  \"b\":\n    [true, null]\n}\n")
        guard case .object(let members) = document.value else { return #expect(Bool(false), "no object") }
        #expect(members.map(\.key) == ["a", "b"] && members.map(\.line) == [2, 4])
        #expect(members.last?.value == JSONDocument(line: 5, value: .list([.init(line: 5, value: .flag(true)), .init(line: 5, value: .null)])))
    }

    @Test func escapesAreRead() throws {
        #expect(try parse(#""a\"\\\/\n\u00e9\uD83D\uDE00""#).value == .text("a\"\\/\né😀"))
    }

    @Test(arguments: [
        "", "{", "[1", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "01", "1.", "+1", ".5", "1e", "tru", "'a'", "\"a", "\"a\nb\"", "\"\\x\"",
        "\"\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uDC00\"", "\"\\u12\"", "\"\\u+123\"", "1 2", "{a:1}", "NaN", "// x\n1",
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONDocument.Failure.self) { try parse(text) }
    }

    @Test func deepNestingIsRefusedAndNotFollowed() {
        #expect(throws: JSONDocument.Failure(line: 1, detail: "nested too deep")) { try parse(String(repeating: "[", count: 200_000)) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSONDocument.Failure(line: 1, detail: "the file is not UTF-8")) { try JSONDocument.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func anErrorNamesItsLine() {
        #expect(throws: JSONDocument.Failure(line: 3, detail: "a comma or a closing brace is missing")) { try parse("{\n\"a\": 1\n\"b\": 2}") }
    }
}
