/// A cheap guess at how many tokens a language model makes of a text.
package enum TokenEstimate {
    /// About one token for a CJK character and one for every four others, rounded up; 0 for an empty text.
    package static func tokens(in text: String) -> Int {
        var wide = 0
        var narrow = 0
        for scalar in text.unicodeScalars {
            if scalar.isWide { wide += 1 } else { narrow += 1 }
        }
        return wide + (narrow + 3) / 4
    }
}
