import Crypto
import Glibc

/// An open file of the data directory, closed when it goes out of scope.
struct DataFile: ~Copyable {
    private static let chunk = 1 << 20

    private let descriptor: Int32
    private let path: String

    init(reading path: String) throws(ModelError) {
        (descriptor, self.path) = (open(path, O_RDONLY | O_CLOEXEC), path)
        if descriptor < 0 { throw DataFile.failure("cannot open", path) }
    }

    /// Creates the file, or empties the one that is there.
    init(creating path: String) throws(ModelError) {
        (descriptor, self.path) = (open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644), path)
        if descriptor < 0 { throw DataFile.failure("cannot create", path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Fills the buffer from the present position; 0 is the end of the file.
    func read(into buffer: inout [UInt8]) throws(ModelError) -> Int {
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno != EINTR { throw DataFile.failure("cannot read", path) }
        }
    }

    func write(_ bytes: RawSpan) throws(ModelError) {
        var done = 0
        while done < bytes.byteCount {
            let count = bytes.extracting(droppingFirst: done).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno == ENOSPC || errno == EDQUOT {
                throw ModelError(.noSpace, "the disk became full while \(path) was written; free some space and run the command again")
            } else if errno != EINTR {
                throw DataFile.failure("cannot write", path)
            }
        }
    }

    /// Returns when what was written is on the disk.
    func synchronize() throws(ModelError) {
        if fsync(descriptor) != 0 { throw DataFile.failure("cannot write", path) }
    }

    /// The SHA-256 of a file in lower-case hexadecimal; holds 1 MiB of it at a time.
    ///
    /// - Throws: ``ModelError``, or `CancellationError` when the task is cancelled meanwhile.
    @concurrent static func sha256(_ path: String) async throws -> String {
        let file = try DataFile(reading: path)
        var hasher = SHA256()
        var buffer = [UInt8](repeating: 0, count: chunk)
        while case let count = try file.read(into: &buffer), count > 0 {
            try Task.checkCancellation()
            buffer.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hasher.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Copies a file; the copy is whole only when this returns.
    ///
    /// - Throws: ``ModelError``, or `CancellationError` when the task is cancelled meanwhile.
    @concurrent static func copy(_ source: String, to destination: String) async throws {
        let input = try DataFile(reading: source)
        let output = try DataFile(creating: destination)
        var buffer = [UInt8](repeating: 0, count: chunk)
        while case let count = try input.read(into: &buffer), count > 0 {
            try Task.checkCancellation()
            try output.write(buffer.span.bytes.extracting(0..<count))
        }
    }

    /// The size of a plain file in bytes, or nil if there is none.
    static func size(_ path: String) -> Int? {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG ? Int(info.st_size) : nil
    }

    /// Bytes that this user may still write on the file system of a directory, or nil if the system does not say.
    static func freeSpace(_ directory: String) -> Int? {
        var info = statvfs()
        return statvfs(directory, &info) == 0 ? Int(clamping: UInt64(info.f_bavail) &* UInt64(info.f_frsize)) : nil
    }

    /// An error that names the file and the reason in `errno`.
    static func failure(_ what: String, _ path: String) -> ModelError {
        ModelError(.fileFailed, "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
