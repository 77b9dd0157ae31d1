import FoundationEssentials

/// The prompt files of the house, beside the package's sources.
enum PromptFiles {
    static let names = [
        "assistant.en.md", "assistant.zh.md", "customer-service.en.md", "customer-service.zh.md", "language-practice.en.md",
        "language-practice.zh.md",
    ]

    static func read(_ name: String, from file: String = #filePath) throws -> String {
        let root = file.split(separator: "/").dropLast(3).joined(separator: "/")
        return try String(contentsOfFile: "/\(root)/Prompts/\(name)", encoding: .utf8)
    }
}
