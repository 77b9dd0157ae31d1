/// Everything that is wrong with the settings, all at once.
package struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// At least one.
    package let problems: [Problem]

    /// One line a problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }

    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Stable names to log and to test for; an open set.
        package struct Code: RawRepresentable, Hashable, Sendable {
            package let rawValue: String
            package init(rawValue: String) { self.rawValue = rawValue }

            /// There is no such setting.
            package static let unknown = Code(rawValue: "settings.unknown")
            /// The value is of another type than the setting.
            package static let wrongType = Code(rawValue: "settings.wrong_type")
            /// The value is outside of what the setting takes.
            package static let outOfRange = Code(rawValue: "settings.out_of_range")
            /// One source gives the setting twice.
            package static let duplicate = Code(rawValue: "settings.duplicate")
            /// Two settings do not go together.
            package static let conflict = Code(rawValue: "settings.conflict")
            /// The file is no JSON object.
            package static let badFile = Code(rawValue: "settings.bad_file")
            /// The file cannot be read.
            package static let unreadableFile = Code(rawValue: "settings.unreadable_file")
            /// An override is not `name=value`.
            package static let badOverride = Code(rawValue: "settings.bad_override")
        }

        package let code: Code
        /// Dotted; nil where the problem is not one setting's.
        package let setting: String?
        package let source: SettingSource
        /// For people; never holds a secret.
        package let detail: String

        package var description: String { "\(code.rawValue): \(source): " + (setting.map { "\($0): " } ?? "") + detail }
    }
}
