/// What words said while the agent speaks are meant for.
package enum InterruptionCues {
    package enum Verdict: String, Sendable, Equatable, CaseIterable {
        /// The caller tells the agent to stop; holds at once.
        case command
        /// The caller listens and says so; the agent goes on.
        case backchannel
        /// The caller says something.
        case content
        /// No words, or nothing but a hesitation.
        case unknown
    }

    /// Judges what has been heard so far of the caller's voice over the agent's.
    ///
    /// - Parameters:
    ///   - partial: The words as a recogniser writes them; of a long text only the end is read.
    ///   - language: A BCP 47 tag such as "en-GB" or "zh"; empty when not known. In other languages than English and Chinese only a few
    ///     words understood everywhere count.
    package static func verdict(partial: String, language: String) -> Verdict {
        let words = SpokenText(partial).words
        if words.isEmpty || Phrases.covers(words, english: hesitations, chinese: chineseHesitations) { return .unknown }
        guard SpokenLanguage(language) != .other else { return everywhere(words) }
        if isBackchannel(words) { return .backchannel }
        return isCommand(words) ? .command : .content
    }

    private static func everywhere(_ words: [String]) -> Verdict {
        if Phrases.covers(words, english: [["ok"], ["okay"], ["mm"], ["hm"], ["hmm"], ["mhm"], ["aha"], ["uh"], ["huh"]], chinese: []) {
            return .backchannel
        }
        return Phrases.covers(words, english: [["stop"]], chinese: []) ? .command : .content
    }

    private static func isBackchannel(_ words: [String]) -> Bool {
        Phrases.covers(words, english: backchannels.union(hesitations), chinese: chineseBackchannels.union(chineseHesitations))
    }

    private static func isCommand(_ words: [String]) -> Bool {
        if Phrases.any(words, english: strong, chinese: []) { return true }
        var rest = words[...]
        while let word = rest.first {
            if SpokenText.isHan(word) {
                if isChineseCommand(word) { return true }
                rest.removeFirst()
                continue
            }
            // The first words decide: "the bus stop is closed" tells nobody to stop.
            if Phrases.prefix(rest, of: opening) > 0 { return true }
            let length = Phrases.prefix(rest, of: leadIns)
            guard length > 0 else { break }
            rest.removeFirst(length)
        }
        return Phrases.ends(words, with: closing) || words.last.map { SpokenText.isHan($0) && chineseEnds.contains(where: $0.hasSuffix) } == true
    }

    private static func isChineseCommand(_ run: String) -> Bool {
        if chineseStarts(run) { return true }
        let rest = Phrases.strip(run, of: chineseLeadIns)
        return rest != run && chineseStarts(rest)
    }

    private static func chineseStarts(_ run: String) -> Bool {
        if chineseOpening.contains(where: run.hasPrefix) { return true }
        // 停车场 begins a question, 停一下 a command.
        guard run.first == "停" else { return false }
        return run.count == 1 || ["停停", "停一", "停下", "停止", "停吧", "停了"].contains(where: run.hasPrefix)
    }

    private static let hesitations = Phrases.table("um, uh, er, erm, uhm, umm, uhh, eh")
    private static let chineseHesitations: Set<String> = ["呃", "额", "那个", "这个", "唔"]
    /// Wherever they stand.
    private static let strong = Phrases.table(
        """
        hold on, hang on, excuse me, stop talking, shut up, be quiet, let me speak, let me talk, let me finish, wait a minute, wait a second,
        wait a moment, wait a sec, stop it, stop stop, no no, wait wait, hold up, one second, one moment, just a second, just a moment,
        just a minute, just a sec, stop there, stop right there, never mind, that's enough, i have a question, can i interrupt, may i interrupt,
        sorry to interrupt, can i say something
        """)
    private static let opening = Phrases.table(
        """
        stop, wait, actually, nevermind, pause, cancel that, cancel, enough, quiet, silence, hold it, time out, listen, hey stop, hey wait,
        stopping
        """)
    private static let closing = Phrases.table(
        """
        please stop, you stop, please wait, you wait, now stop, just stop, just wait, but wait, no stop, no wait, okay stop, actually no
        """)
    private static let leadIns = Phrases.table(
        """
        um, uh, er, oh, okay, ok, yeah, yes, yep, right, so, but, and, well, hey, please, sorry, no, just, can you, could you, would you,
        alright, all right, i see, sure, hmm, hm, mm, ah, uh huh, mm hmm, now, hello, i'm sorry, thanks, thank you, alexa, great, fine, good
        """)
    private static let backchannels = Phrases.table(
        """
        uh huh, uhhuh, uhuh, mm hmm, mm hm, mm, mmm, mhm, mmhm, mmhmm, mhmm, hmm, hm, hmmm, m hm, m hmm, uh hum, um hum, um hmm, um hm, a ha,
        aha, ah, oh, ooh, huh, yeah, yea, yep, yup, yes, ya, yah, right, okay, ok, okey, k, kay, mkay, o k, i see, got it, gotcha, i got it,
        got you, sure, alright, all right, true, exactly, indeed, of course, really, wow, nice, cool, great, good, perfect, fine, absolutely,
        definitely, totally, interesting, makes sense, that makes sense, i know, i understand, understood, fair enough, sounds good,
        that's right, that's true, that's good, that's great, that's fine, oh really, very good, very nice, lovely, wonderful, awesome,
        excellent, oh i see, ah i see, no problem, thank you, thanks, go on, please go on, go ahead, correct, hum, yeah yeah, no way, no kidding,
        my goodness, oh my god, is that so, i hear you, right on, ah ha, huh huh, mm mm, you're right, m m, mhmm hmm, uh uh huh
        """)
    private static let chineseBackchannels: Set<String> = [
        "嗯", "恩", "嗯哼", "对", "对的", "对啊", "对呀", "好", "好的", "好啊", "好吧", "好嘞", "是", "是的", "是啊", "是吗", "是吧", "行", "行吧", "可以", "明白", "明白了", "知道了", "知道",
        "我知道", "我知道了", "了解", "了解了", "哦", "噢", "喔",
        "啊", "哈", "没错", "原来如此", "这样", "这样啊", "这样子", "懂了", "我懂了", "我明白了", "收到", "谢谢", "真的", "真的吗", "不错", "当然", "原来是这样", "哇", "哎", "唉", "诶", "好好", "哈哈",
        "呵呵", "没问题", "太好了", "哦哦", "确实", "我明白", "您说",
        "你说", "请讲", "原来这样", "那好", "挺好", "很好",
    ]
    private static let chineseOpening = [
        "等一下", "等等", "等会", "等一等", "等下", "别说了", "不要说了", "别说话", "不是", "不对", "打住", "打断一下", "慢着", "且慢", "闭嘴", "安静", "不用了", "不用说了", "算了", "稍等", "先别", "暂停",
        "听我说", "不好意思", "打扰一下", "先停", "别讲了", "够了", "取消",
        "慢点", "你先别", "我说一下", "让我说", "你听我说", "不要讲了", "不不", "我插一句", "别念了", "住口", "我打断",
    ]
    private static let chineseEnds = ["等一下", "停一下", "别说了", "停下", "停下来", "不要说了", "先停", "打住", "稍等", "等等我", "闭嘴", "听我说", "别讲了"]
    private static let chineseLeadIns: Set<String> = [
        "嗯", "恩", "对", "好", "好的", "是", "是的", "哦", "噢", "啊", "呃", "额", "那个", "这个", "喂", "哎", "诶", "请", "请你", "请您", "你", "您", "你先", "您先", "先", "那",
        "麻烦", "麻烦你", "但是", "可是", "不", "那你", "行", "我说", "唉", "就", "可以",
        "能不能", "快",
    ]
}
