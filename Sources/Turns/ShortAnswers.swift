/// Answers to a question that asks for yes or no.
enum ShortAnswers {
    /// Whether a text is such an answer and nothing more.
    static func isAnswer(_ text: SpokenText) -> Bool {
        guard !text.words.isEmpty else { return false }
        return Phrases.covers(text.words, english: english, chinese: chinese) && Phrases.any(text.words, english: bearing, chinese: chinese)
    }

    /// Whether a text begins with yes or no.
    static func begins(_ words: ArraySlice<String>) -> Bool { words.first.map { bearing.contains([$0]) } ?? false }

    private static let bearing = Phrases.table(
        """
        yes, yeah, yep, yup, yea, ya, no, nope, nah, sure, correct, right, ok, okay, absolutely, exactly, definitely, certainly, of course,
        not really, uh huh, mm hmm, mm hm, mhm, mmhmm, fine, perfect, i do, i don't, i am, i'm not, i did, i didn't, i have, i haven't, it is,
        it isn't, it's not, it does, it doesn't, that is, they are, we do, we don't, we are, i can, i can't, i will, i won't, i would, you can,
        go ahead, that's right, that's correct, that's fine, that's it, that's wrong, sounds good, works for me, not yet, not at all, never,
        please do, i think so, i don't think so, i guess so, i guess, i suppose so, i hope so, probably, maybe, not sure, i'm not sure, true,
        false, wrong, incorrect, alright, all right, that works, that'll work, i agree, affirmative, negative, not right now, no thanks,
        not today, by all means, you bet, it was, it wasn't, i was
        """)
    private static let english = bearing.union(
        Phrases.table(
            """
            please, thanks, thank you, it's, that's, that, is, great, oh, well, um, uh, you, sir, ma'am, very much, i, would, be, good, i'm,
            quite, very, totally, sorry
            """))
    private static let chinese: Set<String> = [
        "是", "是的", "是啊", "对", "对的", "对啊", "对呀", "好", "好的", "好啊", "好吧", "可以", "可以的", "没错", "不是", "不", "不对", "没有", "有", "有的", "行", "行的", "行吧", "嗯",
        "嗯嗯", "要",
        "不要", "不用", "不用了", "不行", "不可以", "不需要", "需要", "没问题", "当然", "当然可以", "确定", "不确定", "同意", "会", "不会", "能", "不能", "想", "不想", "正确", "没", "还没", "还没有",
        "没关系", "恩",
        "愿意", "不愿意", "方便", "不方便", "谢谢", "应该是", "可能吧", "是这样", "是这样的", "也可以", "都可以", "好呀", "哦", "知道", "不知道", "就是",
    ]
}
