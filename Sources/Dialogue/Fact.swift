/// One thing an agent knows, written to be heard.
package struct Fact: Sendable, Equatable {
    /// What it is about, as a noun phrase that fits into "I can help with …".
    package var title: String
    /// The answer; paragraphs are separated by an empty line.
    package var answer: String
    /// Other ways in which callers ask for it; never said.
    package var asked: [String]

    package init(title: String, answer: String, asked: [String] = []) { (self.title, self.answer, self.asked) = (title, answer, asked) }
}
