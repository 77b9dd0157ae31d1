/// What the agent's last sentence asked the caller for.
package enum Expectation: Sendable, Equatable {
    /// Nothing of a known shape.
    case nothing
    case yesNo
    /// A number read digit by digit, and how many digits it has where that is known; the range is positive.
    case digits(count: ClosedRange<Int>?)
    case date
    case name
    /// A word letter by letter.
    case spelling
    case email
    /// One of several things the agent named.
    case choice

    /// A phone number: ten digits, or eleven where it begins with 1 or 0.
    package static let phoneNumber = Expectation.digits(count: 10...11)

    /// Whether the words hold all of what was asked for; never for ``nothing``, ``choice`` and numbers of unknown length.
    ///
    /// - Parameter text: The caller's words so far as a recogniser writes them. Of a long text only the end is read.
    package func isComplete(_ text: String) -> Bool {
        switch progress(SpokenText(text)) {
        case .possible, .complete: true
        case .none, .partial, .tooMuch: false
        }
    }
}
