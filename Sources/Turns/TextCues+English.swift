extension TextCues {
    static func englishHoldsOn(_ spoken: SpokenText) -> Bool { Phrases.ends(spoken.words, with: holdOn) }

    static func englishCue(_ spoken: SpokenText, _ expecting: Expectation) -> Cue {
        let words = spoken.words
        guard let last = words.last else { return .neutral }
        let isQuestion = spoken.ending == .question
        if fillers.contains(last), words.count > 1 || expecting != .yesNo { return .open(.filler) }
        if articles.contains(last) { return .open(.determiner) }
        if conjunctions.contains(last) { return isQuestion && words.count <= 2 ? .neutral : .open(.conjunction) }
        let sentence = spoken.lastSentence
        if isQuestion { return .finished(.question) }
        if Phrases.ends(sentence, with: closers), !isRequestStem(sentence) { return .finished(.closer) }
        if Phrases.ends(sentence, with: complete) { return asks(sentence) ? .finished(.question) : .neutral }
        let isShortAnswer = ShortAnswers.begins(sentence) && sentence.count <= 5 && sentence.count > 1
        if let cue = trailing(last, sentence, isShortAnswer) { return cue }
        if expecting == .choice, Phrases.ends(sentence, with: choices) { return .finished(.answer) }
        if Phrases.ends(sentence, with: tags), sentence.count > 2 { return .finished(.question) }
        return spoken.ending == .none || spoken.ending == .stop ? (asks(sentence) ? .finished(.question) : .neutral) : .neutral
    }

    /// What the last word needs after it.
    private static func trailing(_ last: String, _ sentence: ArraySlice<String>, _ isShortAnswer: Bool) -> Cue? {
        let before = sentence.dropLast().last ?? ""
        let hasQuestionWord = sentence.contains { questionWords.contains($0) }
        if last == "so" { return soEnds.contains(before) ? .neutral : .open(.conjunction) }
        if last == "like" {
            return ["i", "you", "would", "it's", "is", "was", "and", "just", "i'd", "something", "they'd", "we'd"].contains(before)
                && !hasQuestionWord ? .open(.phrase) : nil
        }
        if last == "to" {
            if isShortAnswer || ["love", "supposed", "used"].contains(before) && sentence.count <= 4 { return .neutral }
            return hasQuestionWord && sentence.count >= 6 ? .neutral : .open(.preposition)
        }
        if prepositions.contains(last) {
            if stranded.contains([before, last]) || Phrases.ends(sentence, with: stranded) { return .neutral }
            return hasQuestionWord && !["what's", "what"].contains(before) && sentence.count >= 4 ? .neutral : .open(.preposition)
        }
        if auxiliaries.contains(last) {
            guard pronouns.contains(before) || sentence.count == 1 else { return .open(.auxiliary) }
            if isShortAnswer || hasQuestionWord && sentence.count >= 4 { return .neutral }
            return sentence.count == 1 ? .neutral : .open(.auxiliary)
        }
        if contractions.contains(last) { return .open(.auxiliary) }
        if subjects.contains(last) { return before == "and" && sentence.count > 4 && last == "he" ? .neutral : .open(.phrase) }
        if wanting.contains(last) {
            let isRelative = sentence.contains { ["all", "what", "everything", "whatever", "that's", "if", "anything", "which", "as"].contains($0) }
            return isRelative
                || !["i", "we", "just", "also", "really", "they", "you", "she", "he", "and", "to", "don't", "i'd", "would", "i'm", "do"].contains(
                    before)
                ? nil : .open(.phrase)
        }
        if Phrases.ends(sentence, with: stems) { return hasQuestionWord && sentence.count > 5 ? nil : .open(.phrase) }
        return nil
    }

    /// Whether a sentence has the form of a question and is long enough to be a whole one.
    private static func asks(_ sentence: ArraySlice<String>) -> Bool {
        let start = sentence.firstIndex { !leadIns.contains($0) } ?? sentence.endIndex
        let rest = sentence[start...]
        guard let first = rest.first else { return false }
        let second = rest.dropFirst().first ?? ""
        if questionWords.contains(first) {
            // "What I need is", "when they came": no question has its subject right behind the word that asks.
            if subjects.contains(second) || second == "you" || contractions.contains(second) && !second.hasSuffix("'s") { return false }
            return rest.count >= (first.contains("'") ? 3 : 4)
                || (rest.count == 3 && !["is", "are", "do", "does", "can", "much", "many"].contains(rest.last ?? ""))
                    && questionVerbs.contains(second)
        }
        return inversions.contains(first) && (pronouns.contains(second) || articles.contains(second)) && rest.count >= 5
    }

    /// "Could you please" asks for nothing yet.
    private static func isRequestStem(_ sentence: ArraySlice<String>) -> Bool {
        guard sentence.last == "please" else { return false }
        return sentence.count == 1
            || Phrases.ends(
                sentence.dropLast(),
                with: [
                    ["can", "you"], ["could", "you"], ["would", "you"], ["will", "you"], ["can", "i"], ["could", "i"], ["may", "i"], ["and"],
                ])
    }

    private static let fillers: Set<String> = [
        "um", "uh", "er", "erm", "uhm", "umm", "uhh", "hm", "hmm", "hmmm", "eh", "ah", "mm", "ehm", "ummm", "err", "em", "mmm",
    ]
    private static let articles: Set<String> = [
        "the", "a", "an", "my", "your", "our", "their", "its", "every", "mr", "mrs", "ms", "dr", "whose", "very", "another", "such", "these", "quite",
    ]
    private static let conjunctions: Set<String> = [
        "and", "or", "but", "because", "cause", "cuz", "if", "whether", "although", "though", "unless", "until", "while", "whereas", "since", "nor",
        "than",
        "plus", "except", "including", "which", "as", "basically", "maybe", "once",
    ]
    private static let prepositions: Set<String> = [
        "of", "for", "with", "from", "at", "in", "on", "by", "about", "into", "onto", "between", "under", "during", "without", "through", "against",
        "toward", "towards", "near", "around", "after", "before", "per", "regarding", "concerning", "via", "within", "among", "beside",
    ]
    /// Where those words end a sentence.
    private static let stranded = Phrases.table(
        """
        log in, sign in, check in, come in, fill in, move in, get in, hold on, hang on, go on, carry on, that on, it on, move on, going on,
        try on, turn on, later on, from now on, early on, right on, drop by, stop by, close by, turn around, look around, all around,
        the day after, day before, been before, ever before, before, week before, year before, week after, year after, put on, add on, me in,
        it in, them in, him in, her in, come with, deal with, it with, looking for, ask for, asked for, waiting for, pay for, think about,
        talk about, talking about, heard of, speak with, thinking of, interested in, plug in, walk in, calling about, shortly after, soon after,
        years before, times before, call in
        """)
    private static let auxiliaries: Set<String> = [
        "is", "are", "was", "were", "am", "can", "could", "will", "would", "should", "may", "might", "must", "do", "does", "did", "have", "has",
        "had", "don't",
        "doesn't", "didn't", "can't", "cannot", "won't", "isn't", "aren't", "wasn't", "couldn't", "wouldn't", "shouldn't", "haven't", "hasn't", "be",
        "been",
        "being", "gonna", "wanna", "gotta", "having", "shall", "getting", "becoming",
    ]
    private static let contractions: Set<String> = [
        "i'm", "it's", "that's", "there's", "i'll", "i'd", "i've", "you're", "we're", "they're", "he's", "she's", "we'd", "we'll", "we've", "you've",
        "you'd",
        "they've", "they'll", "what's", "where's", "who's", "let's", "how's", "when's", "here's", "you'll", "they'd", "it'll", "im", "ive",
    ]
    private static let subjects: Set<String> = ["i", "we", "they", "he", "she"]
    private static let wanting: Set<String> = [
        "need", "want", "wanted", "needed", "prefer", "wish", "think", "guess", "mean", "believe", "suppose", "tried",
    ]
    private static let pronouns: Set<String> = ["i", "you", "he", "she", "it", "we", "they", "that", "this", "there", "these", "those"]
    private static let soEnds: Set<String> = [
        "think", "hope", "guess", "believe", "suppose", "say", "said", "or", "is", "much", "not", "do", "ever", "doing", "presume",
    ]
    private static let questionWords: Set<String> = [
        "what", "what's", "which", "when", "when's", "who", "who's", "whose", "how", "how's", "where", "where's", "why",
    ]
    private static let questionVerbs: Set<String> = [
        "is", "are", "was", "were", "time", "day", "did", "do", "does", "about", "much", "many", "long", "far",
    ]
    private static let inversions: Set<String> = [
        "is", "are", "was", "were", "do", "does", "did", "have", "has", "can", "could", "will", "would", "should", "may", "am", "isn't", "aren't",
        "don't",
        "doesn't", "didn't", "haven't", "won't", "can't",
    ]
    private static let leadIns: Set<String> = [
        "hi", "hello", "hey", "so", "um", "uh", "and", "okay", "ok", "well", "oh", "but", "yes", "yeah", "no", "thanks", "great", "alright", "sorry",
        "then", "er",
        "also", "actually", "good", "morning", "afternoon", "evening", "please",
    ]
    private static let tags = Phrases.table(
        """
        right, is that right, isn't it, is that correct, is that okay, is that ok, doesn't it, aren't you, don't you, or not, correct
        """)
    private static let choices = Phrases.table(
        """
        first one, second one, third one, last one, the first, the second, the third, the former, the latter, both, neither, either, either one,
        either way, any, whichever, all of them, doesn't matter, don't care, don't mind, no preference, this one, that one, one please
        """)
    private static let closers = Phrases.table(
        """
        please, thanks, thank you, thanks a lot, thank you very much, thank you so much, thanks so much, bye, goodbye, bye bye, that's all,
        that's it, that is all, that will be all, that'll be all, never mind, nevermind, cheers, that would be great, that'd be great,
        have a good day, nothing else, see you, good night, take care, that's everything, that is it, have a nice day, many thanks,
        much appreciated, that's all for now, talk to you later, if that's okay, if you don't mind, if possible, as soon as possible,
        and that's it
        """)
    /// Whole though their last word looks open.
    private static let complete = Phrases.table(
        """
        how are you, and you, i think so, i do too, thank god, of course, me too, you too, as well, not now, or so, as usual, for now, like that,
        like this, what i mean, you know what i mean, i hope so, i don't think so, what if, if so, and so on, and stuff, what for, how come,
        at all, for once, than that, at once, ever since, even though, as is, what it is, where it is, who it is, i'd like that, the one i need,
        i'm in, i am in
        """)
    private static let stems = Phrases.table(
        """
        would like, i'd like, can you, could you, would you, do you, will you, are you, did you, have you, can you tell me, could you tell me,
        do you know, i was wondering, i'm looking, tell me, i'm calling, i am calling, is there, are there, do they, i'd rather, i would rather,
        let me, how do, how much, how many, how long, what kind, what time, what about, how about, could you please, can you please,
        would you please, is it, i just, i also, i really, i already, you said, it says, he said, she said, they said, you told me, i said,
        more than, less than, at least, a few, a couple, a lot, kind of, sort of, one of the, the other, the next, the same, the first, the only,
        my name, my email address is, area code, excuse me can, i want you, please tell me, i'm trying, i'm not, i never, i always, i still,
        we just, we also, and then, but then, so then, instead of, rather than, the thing, you know, i'm just, i'm a, it's just, and also,
        but also, give me, could i get, can i get, can i have, could i have, i'll have, are they, does it, does that, does your, is your,
        which is, not only, the problem, for example, such as, in order, due, according, at the moment i
        """)
    private static let holdOn = Phrases.table(
        """
        let me see, let me check, let me think, let me look, let me find it, let me get it, let me have a look, hold on, hang on, one moment,
        one second, one sec, just a second, just a moment, just a sec, just a minute, give me a second, give me a moment, give me a minute,
        give me a sec, hold on a second, hang on a second, wait, wait a second, wait a minute, bear with me, one moment please,
        one second please, hold on please, a moment please, just a moment please, let's see, where is it, let me grab it, let me look it up,
        let me find that, let me check that, let me pull it up, how do i say, how do you say, what's the word, what is it called,
        what do you call it, give me one second, give me one moment, hold on one second, i'm thinking, i am thinking, just one second,
        just one moment, a second please, let me just check, let me quickly check, wait a moment
        """)
}
