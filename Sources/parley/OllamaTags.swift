import Foundation

/// What an Ollama says about its models.
struct OllamaTags: Decodable {
    struct Model: Decodable { var name: String }

    var models: [Model]

    init?(_ bytes: [UInt8]) {
        guard let tags = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = tags
    }
}
