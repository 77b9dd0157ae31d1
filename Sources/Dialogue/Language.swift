/// A spoken language, by its BCP 47 primary tag in lower case: `en`, `zh`.
package struct Language: RawRepresentable, Hashable, Sendable, Codable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let english = Language(rawValue: "en")
    package static let chinese = Language(rawValue: "zh")
}
