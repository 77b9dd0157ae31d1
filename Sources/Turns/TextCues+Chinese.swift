extension TextCues {
    private static func ends(_ tail: String, _ list: [String]) -> Bool { list.contains { tail.hasSuffix($0) } }

    static func chineseHoldsOn(_ spoken: SpokenText) -> Bool { ends(spoken.chineseTail, chineseHoldOn) }

    static func chineseCue(_ spoken: SpokenText, _ expecting: Expectation) -> Cue {
        let tail = spoken.chineseTail
        if spoken.ending == .question { return .finished(.question) }
        if ends(tail, chineseClosers) { return .finished(.closer) }
        if chineseFillers.contains(where: { tail.hasSuffix($0) }) {
            // Alone, such a sound may be an answer.
            return tail == "嗯" || tail == "嗯嗯" ? .neutral : .open(.filler)
        }
        if !tail.hasSuffix("是不是"), ends(tail, chineseNeutral) || chineseWhole.contains(tail) { return .neutral }
        if ends(tail, ["你能不能", "能不能", "可不可以", "要不要", "我是不是", "你是不是", "你们是不是", "您是不是", "你们有没有", "你有没有", "您有没有"]) {
            return tail.count > 7 ? .finished(.question) : .open(.phrase)
        }
        if ends(tail, chineseQuestions) { return .finished(.question) }
        if ends(tail, chineseConjunctions) { return .open(.conjunction) }
        if ends(tail, chinesePrepositions) { return .open(.preposition) }
        if ends(tail, chineseDeterminers) { return .open(.determiner) }
        if tail.hasSuffix("的"), ends(tail, ["我的", "你的", "您的", "你们的", "我们的", "他的", "她的", "他们的"]) {
            let owner = tail.dropLast(tail.hasSuffix("们的") ? 3 : 2)
            return owner.hasSuffix("是") ? .neutral : .open(.determiner)
        }
        if tail.hasSuffix("是"), tail.count > 1 { return .open(.auxiliary) }
        if ends(tail, chinesePhrases) { return .open(.phrase) }
        if ends(tail, chineseAdverbs) { return .open(.phrase) }
        if expecting == .choice, ends(tail, chineseChoices) { return .finished(.answer) }
        return .neutral
    }

    private static let chineseHoldOn = [
        "等一下", "等下", "稍等", "稍等一下", "等等", "等一等", "我看看", "我看一下", "我想想", "我想一下", "让我想想", "让我看看", "让我看一下", "我找一下", "我找找", "我查一下", "我查查", "怎么说呢", "怎么说",
        "我想一想", "等我一下", "等会儿",
        "您稍等", "叫什么来着", "什么来着",
    ]
    private static let chineseFillers = ["嗯", "呃", "额", "那个", "这个这个", "那个那个", "唔", "啊这个", "就那个", "嗯这个", "呃这个"]
    private static let chineseClosers = [
        "谢谢", "谢谢你", "谢谢您", "多谢", "谢了", "感谢", "再见", "拜拜", "麻烦你了", "麻烦您了", "麻烦了", "就这样", "就这样吧", "就这些", "没有了", "没了", "没别的了", "没有别的了", "辛苦了", "可以了",
        "行了", "好了", "就好",
        "就可以", "就行", "就是这样", "没问题", "说完了", "不用谢", "不客气",
    ]
    private static let chineseQuestions = [
        "吗", "么", "呢", "吧", "是不是", "对不对", "好不好", "行不行", "可以不", "对不", "有没有", "多少", "多少钱", "在哪里", "在哪儿", "在哪", "去哪", "哪里", "哪儿", "几点", "几点了", "几号",
        "是谁", "哪位", "怎么办", "怎么走", "多久", "多远",
        "怎么样", "为什么", "是什么", "做什么", "干什么", "干嘛", "干吗", "什么意思", "是什么时候", "多大", "多高", "几岁", "几天", "怎么用", "怎么弄", "怎么做", "怎么去", "哪天", "哪一天", "什么事",
        "怎么回事", "如何", "几个人", "多长时间", "哪个",
        "要多久",
    ]
    /// Whole, or at least not open, though their end looks so.
    private static let chineseNeutral = [
        "不是", "也是", "都是", "温和", "总和", "收到", "找到", "看到", "听到", "做到", "拿到", "买到", "遇到", "想到", "感到", "得到", "达到", "迟到", "不到", "没到", "回到家", "现在", "不在",
        "成都", "首都", "成就", "目的", "总是", "真是", "我也是",
        "有时候", "的时候了", "不可以", "也可以", "都可以", "不需要", "自己的", "真的", "不会", "学会", "机会", "社会", "开会", "约会", "不能", "可能", "功能", "多个", "几个", "两个", "三个", "哪个都行",
        "首次", "理想", "思想", "感想",
        "等于", "由于你", "终于", "不太", "对对", "他是", "就是了", "没想", "不想",
    ]
    private static let chineseWhole: Set<String> = ["是", "可以", "需要", "会", "能", "都", "也", "不", "没", "想", "想要", "要", "还", "再", "对", "应该", "请"]
    private static let chineseConjunctions = [
        "和", "跟", "与", "或", "或者", "还是", "但", "但是", "可是", "不过", "因为", "所以", "如果", "要是", "虽然", "而且", "并且", "然后", "就是", "比如", "比如说", "例如", "就是说", "那么",
        "的话", "另外", "还有", "以及", "还有就是", "只是", "于是", "既然",
        "除了", "无论", "不管", "即使", "只要", "只有", "由于", "不但", "不仅", "也就是说", "所以说", "其实", "反正", "首先", "其次", "最后", "后来", "接着", "结果", "假如", "的时候", "之后", "以后我",
        "然后我", "但是我", "因为我", "如果我", "所以我", "而", "甚至",
    ]
    private static let chinesePrepositions = ["在", "从", "到", "给", "把", "被", "对于", "关于", "为了", "向", "往", "按照", "根据", "通过", "跟着", "离", "由", "于"]
    private static let chineseDeterminers = [
        "这个", "一个", "一些", "一张", "一位", "一种", "一家", "一次", "一条", "一份", "某个", "这些", "那些", "每个", "每", "第", "这种", "那种", "有个", "有一个", "下一个", "上一个", "一台",
        "一间",
    ]
    private static let chinesePhrases = [
        "我想", "想要", "我要", "我想要", "我需要", "需要", "我可以", "可以", "我能", "我会", "应该", "我应该", "我叫", "名叫", "我姓", "请问", "请问一下", "麻烦你", "麻烦您", "我想问", "我想问一下",
        "想问一下", "问一下", "我想知道", "我觉得", "觉得", "我认为", "我希望",
        "希望", "我打算", "打算", "帮我", "能帮我", "请帮我", "告诉我", "能不能", "我想请", "请你", "请您", "我有", "我们有", "他说", "她说", "我说", "你说", "我刚才", "我昨天", "我现在", "你们", "我们",
        "他们", "我的号码", "我的名字", "的是", "知道", "是因为",
        "有没有什么", "什么时候", "你们什么时候", "怎么", "为啥", "我就", "我也", "我还", "我要订", "我想订", "我要买", "我想买", "打电话是", "以为",
    ]
    private static let chineseAdverbs = [
        "很", "非常", "比较", "特别", "更", "最", "太", "也", "都", "还", "再", "又", "正在", "就", "已经", "大概", "大约", "差不多", "可能是", "一共", "总共", "刚刚", "一直", "不太", "尤其",
        "只", "才", "挺", "越来越", "没有什么",
    ]
    private static let chineseChoices = [
        "第一个", "第二个", "第三个", "前者", "后者", "都可以", "都行", "都要", "都不要", "随便", "哪个都行", "无所谓", "这个", "前面那个", "后面那个", "前一个", "后一个",
    ]
}
