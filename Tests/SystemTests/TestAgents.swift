/// Agents whose lines are short, so that tests are.
enum TestAgents {
    static func folder(greeting: String = "Hi there.") throws -> TestFolder {
        let folder = try TestFolder()
        try folder.write("short.md", agent(name: "Short", greeting: greeting, colour: "The colour is blue."))
        try folder.write("other.md", agent(name: "Other", greeting: "Good day to you.", colour: "The colour is yellow."))
        return folder
    }

    /// Some seven seconds of speech in three sentences.
    static let story = "Once upon a time there was a fox. It lived in a deep wood by a river. Every evening it went out to look at the stars."

    private static func agent(name: String, greeting: String, colour: String) -> String {
        """
        ---
        name: \(name)
        language: en
        greeting: \(greeting)
        failure_message: Sorry, that failed.
        farewell: Bye.
        idle_message: Still there?
        reprompt: Again please.
        turns:
          minimum_silence_ms: 200
          maximum_silence_ms: 600
        ---
        You are \(name).

        ## Facts

        ### the colour
        \(colour)

        Also asked: what is the colour; which colour is it

        ### the long story
        \(story)

        Also asked: tell me the long story; tell me a long story
        """
    }
}
