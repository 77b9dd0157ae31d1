import Testing

@testable import EmbeddedEngines

struct ModelCatalogTests {
    @Test(arguments: ModelCatalog.Architecture.allCases) func everyPinIsWellFormed(_ architecture: ModelCatalog.Architecture) {
        let catalog = ModelCatalog.pinned(for: architecture)
        for wheel in catalog.wheels {
            #expect(isHash(wheel.sha256) && wheel.size > 0 && !wheel.files.isEmpty, "\(wheel.name)")
            #expect(wheel.files.allSatisfy { $0.part == wheel.part })
        }
        for file in catalog.files() {
            #expect(isHash(file.sha256) && file.size > 0 && !file.licence.isEmpty, "\(file.path)")
            #expect(!file.path.hasPrefix("/") && !file.path.contains(".."))
        }
        #expect(Set(catalog.files().map(\.path)).count == catalog.files().count)
        #expect(Set(catalog.files().map(\.part)) == Set(ModelCatalog.Part.allCases))
    }

    private func isHash(_ text: String) -> Bool { text.count == 64 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase } }

    @Test func processorsDifferOnlyInProgramsNotInModels() {
        let (one, other) = (ModelCatalog.pinned(for: .x86_64).files(), ModelCatalog.pinned(for: .aarch64).files())
        let different = zip(one, other).filter { $0 != $1 }.map(\.0.path)
        #expect(one.count == other.count)
        #expect(different == ["lib/libonnxruntime.so", "python/xllamacpp/xllamacpp.abi3.so"])
    }

    @Test func speechPartsBringTheRuntime() {
        #expect(ModelCatalog.closure([.tts]) == [.tts, .runtime])
        #expect(ModelCatalog.closure([.vad, .llm]) == [.vad, .llm])
    }

    @Test func aRequirementAcceptsOneWheelOnly() throws {
        let wheel = try #require(ModelCatalog.pinned(for: .x86_64).wheels.first { $0.project == "silero-vad" })
        #expect(wheel.requirement == "silero-vad==6.2.3 --hash=sha256:\(wheel.sha256)")
        #expect(wheel.fileNamePrefix == "silero_vad-6.2.3-")
    }

    @Test func theDataDirectoryComesFromTheNearestSetting() throws {
        let environment = ["PARLEY_DATA_DIR": "/data", "XDG_DATA_HOME": "/xdg", "HOME": "/home/a"]
        #expect(try ModelStore.directory(setting: "/set", environment: environment) == "/set")
        #expect(try ModelStore.directory(environment: environment) == "/data")
        #expect(try ModelStore.directory(environment: ["XDG_DATA_HOME": "/xdg", "HOME": "/home/a"]) == "/xdg/parley")
        #expect(try ModelStore.directory(environment: ["XDG_DATA_HOME": "xdg", "HOME": "/home/a"]) == "/home/a/.local/share/parley")
        #expect(try ModelStore.directory(setting: "near", environment: [:]).hasSuffix("/near"))
        let error = #expect(throws: ModelError.self) { try ModelStore.directory(environment: [:]) }
        #expect(error?.code == .noDirectory)
    }
}
