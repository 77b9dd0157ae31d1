/// The settings in force and where each came from.
package struct LoadedSettings: Sendable, Equatable {
    package let settings: ParleySettings
    /// By the dotted name; what is missing has its default.
    private let sources: [String: SettingSource]

    init(settings: ParleySettings, sources: [String: SettingSource]) { (self.settings, self.sources) = (settings, sources) }

    /// - Parameter name: Dotted; an unknown one counts as default.
    package func source(of name: String) -> SettingSource { sources[name] ?? .standard }

    /// One line a setting: name, value, source. Secrets are masked.
    package func describe() -> String {
        let rows = SettingsTable.all.map { (name: $0.name, value: $0.shown(in: settings), source: source(of: $0.name)) }
        let (names, values) = (rows.map(\.name.count).max() ?? 0, min(rows.map(\.value.count).max() ?? 0, 40))
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
        return rows.map { "\(padded($0.name, names))  \(padded($0.value, values))  \($0.source)\n" }.joined()
    }
}
