/// Why recordings cannot be evaluated.
package struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable names to log and print.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The folder's manifest or a label file is not what it should be.
        package static let badManifest = Code(rawValue: "evaluation.bad_manifest")
        /// No policy has this name, or it has no such setting.
        package static let badPolicy = Code(rawValue: "evaluation.bad_policy")
        /// There is nothing to evaluate.
        package static let noClips = Code(rawValue: "evaluation.no_clips")
    }

    package let code: Code
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code.rawValue): \(detail)" }
}
