/// Where the value of a setting came from.
package enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    case standard
    case file(String, line: Int)
    case environment(String)
    case commandLine

    package var description: String {
        switch self {
        case .standard: "default"
        case .file(let path, line: let line): "\(path):\(line)"
        case .environment(let name): name
        case .commandLine: "--set"
        }
    }
}
