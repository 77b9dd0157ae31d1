/// Words that say nothing about what is asked.
enum SearchWords {
    static let empty: Set<String> = Set(
        """
        a an the is are am i my me mine you your yours do does did done doing can could would should will shall may might must please how what
        when where why which who whom to of in on at for from by with about into and or but so if then than as it its that this these those
        there here have has had having was were be been being not no yes yeah dont doesnt didnt cant im id ive ill youre whats wheres hows
        thats theres its lets let us we our they he she them want wanted wanna need needs know tell like get gets got give go going gonna say
        said um uh er erm ah oh hi hello hey ok okay well just really some any much many long take takes took more also too very now still
        only even again kind sort thing things stuff something anything everything way ways question questions ask asking help helping possible
        information info maybe actually guess think sure thanks thank hear look looking make made happen happens soon today tomorrow yesterday
        morning afternoon evening good great right all one ones out up off down time
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Words of a follow-up that ask for a side of what was spoken of, not for something else; stems.
    static let aspects: Set<String> = ["cost", "fee", "free", "pay", "pric", "charg", "fast", "quickly", "day", "arriv"]

    /// Longest first, so that the longest is cut out.
    static let emptyHan: [String] = [
        "请问一下", "我想知道", "我想问", "怎么办", "什么时候", "请问", "我想", "我要", "想要", "需要", "怎么样", "怎么", "什么", "多少", "多久", "可以",
        "能不能", "可不可以", "有没有", "是不是", "你们", "我们", "他们", "一下", "这个", "那个", "现在", "如何", "哪里", "哪儿", "哪个", "为什么", "知道",
        "告诉", "谢谢", "您好", "你好", "帮我", "帮忙", "的话", "时候", "一个", "吗", "呢", "吧", "啊", "的", "了", "呀", "嘛", "哦", "嗯", "我", "你", "您", "他",
        "她", "它", "是", "在", "有", "和", "就", "都", "也", "很", "能", "会", "要", "请", "把", "被", "给", "这", "那", "想", "问", "要",
    ].sorted { $0.unicodeScalars.count > $1.unicodeScalars.count }
}
