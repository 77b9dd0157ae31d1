/// Where each engine finds its files; every door throws `models.missing` or `models.corrupt`, which name the file and the command that mends it.
///
/// A file counts as there when its size is right; ``ModelStore/verify(_:)`` looks closer.
package struct ModelPaths: Sendable {
    package struct Recognizer: Sendable, Equatable {
        package let encoder: String
        package let decoder: String
        /// Moonshine's own table of tokens.
        package let tokens: String
    }

    package struct Voice: Sendable, Equatable {
        /// Text to latent.
        package let encoder: String
        /// Latent to sound.
        package let decoder: String
        /// Piper's JSON: phoneme numbers, sample rate, scales.
        package let settings: String
    }

    package struct LanguageModel: Sendable, Equatable {
        /// A GGUF file.
        package let weights: String
        /// The folder to import the server's Python module from.
        package let modules: String
    }

    let store: ModelStore

    /// The shared library of ONNX Runtime, to be loaded at run time.
    package func runtimeLibrary() throws(ModelError) -> String { try path(ModelCatalog.Location.runtime) }

    package func voiceDetector() throws(ModelError) -> String { try path(ModelCatalog.Location.voiceDetector) }

    package func endOfTurn() throws(ModelError) -> String { try path(ModelCatalog.Location.endOfTurn) }

    package func recognizer() throws(ModelError) -> Recognizer {
        Recognizer(
            encoder: try path(ModelCatalog.Location.recognizerEncoder), decoder: try path(ModelCatalog.Location.recognizerDecoder),
            tokens: try path(ModelCatalog.Location.recognizerTokens))
    }

    package func voice() throws(ModelError) -> Voice {
        Voice(
            encoder: try path(ModelCatalog.Location.voiceEncoder), decoder: try path(ModelCatalog.Location.voiceDecoder),
            settings: try path(ModelCatalog.Location.voiceSettings))
    }

    package func languageModel() throws(ModelError) -> LanguageModel {
        _ = try path(ModelCatalog.Location.serverLibrary)
        for source in ModelCatalog.Location.serverSources { _ = try path(source) }
        return LanguageModel(
            weights: try path(ModelCatalog.Location.languageModel), modules: "\(store.directory)/\(ModelCatalog.Location.serverModules)")
    }

    private func path(_ location: String) throws(ModelError) -> String {
        let path = "\(store.directory)/\(location)"
        guard let file = store.catalog.files().first(where: { $0.path == location }) else {
            throw ModelError(.missing, "\(path) is not in the catalog of this build")
        }
        let state: ModelStore.FileStatus.State =
            switch DataFile.size(path) {
            case nil: .missing
            case file.size: .present
            case let size?: .corrupt("has \(size) bytes instead of \(file.size)")
            }
        if let error = store.error(ModelStore.FileStatus(file: file, state: state)) { throw error }
        return path
    }
}
