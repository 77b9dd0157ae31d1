import Testing

@testable import Dialogue

struct SentenceSplitterTests {
    static let cases: [(String, [String])] = [
        ("Hello there. How are you?", ["Hello there.", "How are you?"]),
        ("Dr. Smith is here. He waits.", ["Dr. Smith is here.", "He waits."]),
        ("Use e.g. a pen. Or i.e. ink.", ["Use e.g. a pen.", "Or i.e. ink."]),
        ("I live in the U.S. now. It is big.", ["I live in the U.S. now.", "It is big."]),
        ("I live in the U.S. The weather is fine.", ["I live in the U.S.", "The weather is fine."]),
        ("The U.S. Army came.", ["The U.S. Army came."]),
        ("It opens at 9 a.m. on Mondays.", ["It opens at 9 a.m. on Mondays."]),
        ("It closes at 5 p.m. Then we go.", ["It closes at 5 p.m.", "Then we go."]),
        ("See No. 5 on the list. Done.", ["See No. 5 on the list.", "Done."]),
        ("No. I do not think so.", ["No.", "I do not think so."]),
        ("Pi is 3.14 or so. Yes.", ["Pi is 3.14 or so.", "Yes."]),
        ("It costs $42.15. Cheap!", ["It costs $42.15.", "Cheap!"]),
        ("Version 2.0.1 is out. Get it.", ["Version 2.0.1 is out.", "Get it."]),
        ("Go to https://a.example.com/x.y?z=1. Then log in.", ["Go to https://a.example.com/x.y?z=1.", "Then log in."]),
        ("Write to help.me@example.com. Thanks.", ["Write to help.me@example.com.", "Thanks."]),
        ("Well... I think so. Hm.", ["Well...", "I think so.", "Hm."]),
        ("Well... maybe not. Hm.", ["Well... maybe not.", "Hm."]),
        ("Wait… what? Yes.", ["Wait… what?", "Yes."]),
        ("He said \"Go.\" Then he left.", ["He said \"Go.\"", "Then he left."]),
        ("She asked “Why?” and left. Ok.", ["She asked “Why?”", "and left.", "Ok."]),
        ("(It is late.) We go.", ["(It is late.)", "We go."]),
        ("Really?! No way!!! Yes.", ["Really?!", "No way!!!", "Yes."]),
        ("**Done.** Next one.", ["**Done.**", "Next one."]),
        ("First line\nSecond line\n\n- item one\n- item two", ["First line", "Second line", "- item one", "- item two"]),
        ("1. Buy milk\n2. Buy bread. Then go.", ["1. Buy milk", "2. Buy bread.", "Then go."]),
        ("George W. Bush spoke. J. Smith too.", ["George W. Bush spoke.", "J. Smith too."]),
        ("We take plan B. Then we rest.", ["We take plan B.", "Then we rest."]),
        ("Great!😀 Next.", ["Great!😀", "Next."]),
        ("Line one.\r\nLine two.", ["Line one.", "Line two."]),
        ("Try this:\n```swift\nlet a = 1. Or b!\n```\nDone.", ["Try this:", "```swift\nlet a = 1. Or b!\n```", "Done."]),
        ("   ", []),
        ("no stop", ["no stop"]),
        ("你好。今天天气很好！你呢？", ["你好。", "今天天气很好！", "你呢？"]),
        ("好的；我知道了。", ["好的；", "我知道了。"]),
        ("他说：“你好。”然后走了。", ["他说：“你好。”", "然后走了。"]),
        ("嗯……我想想。好。", ["嗯……", "我想想。", "好。"]),
        ("真的吗？！太好了！！！走吧。", ["真的吗？！", "太好了！！！", "走吧。"]),
        ("价格是3.14元。好的。", ["价格是3.14元。", "好的。"]),
        ("我用iPhone 15 Pro. 很好用。", ["我用iPhone 15 Pro.", "很好用。"]),
        ("你好!很高兴认识你.我是小明.", ["你好!", "很高兴认识你.", "我是小明."]),
        ("访问example.com。谢谢", ["访问example.com。", "谢谢"]),
        ("（注意。）然后继续。", ["（注意。）", "然后继续。"]),
        ("OK。Let's go. 走吧！", ["OK。", "Let's go.", "走吧！"]),
        ("今天是2026年11月23日。\n明天见。", ["今天是2026年11月23日。", "明天见。"]),
    ]

    static func split(_ text: String, _ limits: SentenceSplitter.Limits = .init(), pieces: [Int] = []) -> [String] {
        var splitter = SentenceSplitter(limits: limits)
        let scalars = Array(text.unicodeScalars)
        var out: [String] = []
        var start = 0
        for end in pieces + [scalars.count] where end >= start {
            out += splitter.append(scalars[start..<end].text)
            start = end
        }
        return out + splitter.finish()
    }

    @Test(arguments: cases) func `each text falls into its sentences`(text: String, sentences: [String]) {
        #expect(Self.split(text) == sentences)
    }

    @Test(arguments: cases) func `the place of the cuts between pieces changes nothing`(text: String, sentences: [String]) {
        let count = text.unicodeScalars.count
        #expect(Self.split(text, pieces: Array(0..<count)) == sentences)
        for cut in 0..<count { #expect(Self.split(text, pieces: [cut]) == sentences) }
    }

    @Test func `a sentence is given as soon as the next character shows that it is over`() {
        var splitter = SentenceSplitter()
        #expect(splitter.append("Hello there.").isEmpty)
        #expect(splitter.append(" ") == ["Hello there."])
        #expect(splitter.append("你好。").isEmpty)
        #expect(splitter.append("我") == ["你好。"])
        #expect(splitter.append("们\n") == ["我们"])
        #expect(splitter.finish().isEmpty)
    }

    @Test func `only a long first sentence is cut at a comma`() {
        let text = "When I was young I lived in a house by the sea, and it was green. When I was old I lived in a house by the lake, and it was red."
        #expect(Self.split(text).count == 3)
        #expect(Self.split(text).first == "When I was young I lived in a house by the sea,")
        #expect(Self.split("Yes, of course. We do.").first == "Yes, of course.")
        #expect(Self.split("您可以在手机银行的个人资料里修改地址，也可以去网点，很方便。").first == "您可以在手机银行的个人资料里修改地址，")
        #expect(Self.split("好的，我知道。").count == 1)
        #expect(Self.split(text, .init(firstClause: nil)).count == 2)
    }

    @Test func `a sentence without end is cut at the best place within the maximum`() {
        let words = Array(repeating: "word", count: 200).joined(separator: " ")
        let parts = Self.split(words)
        #expect(parts.count > 3 && parts.allSatisfy { $0.count <= 300 && $0.hasPrefix("word") && $0.hasSuffix("word") })
        let han = Self.split(String(repeating: "我们一起走，", count: 100), .init(firstWideClause: nil))
        #expect(han.allSatisfy { $0.count <= 300 && $0.hasSuffix("，") })
        #expect(Self.split(String(repeating: "x", count: 1000)).map(\.count) == [300, 300, 300, 100])
    }

    @Test func `a family of joined pictures is never torn apart`() {
        let family = "👨‍👩‍👧‍👦"
        let parts = Self.split("a" + String(repeating: family, count: 300), .init(maximum: 50))
        #expect(parts.count > 10)
        #expect(parts.allSatisfy { $0.drop { $0 == "a" }.allSatisfy { String($0) == family } })
    }

    @Test func `random text loses nothing but blanks and splits the same in any pieces`() {
        var random = SeededRandom(seed: 7)
        let solid = { (text: String) in text.unicodeScalars.filter { !$0.isBlank }.text }
        for round in 0..<150 {
            var text = RandomText.make(length: Int.random(in: 0...400, using: &random), using: &random)
            if round % 2 == 0 { text = text.replacing("`", with: "'") }
            let whole = Self.split(text, .init(maximum: 60))
            let count = text.unicodeScalars.count
            let cuts = (0..<12).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
            #expect(Self.split(text, .init(maximum: 60), pieces: cuts) == whole)
            #expect(Self.split(text, .init(maximum: 60), pieces: Array(0..<count)) == whole)
            #expect(whole.allSatisfy { $0.unicodeScalars.count <= 64 && !$0.isEmpty })
            if !text.contains("`") { #expect(solid(whole.joined()).unicodeScalars.elementsEqual(solid(text).unicodeScalars)) }
        }
    }

    @Test(arguments: ["!", ".", "\"", "*", "(", " ", ". (", "`", "，", "a. ", "U.S. X", "\n", "~"]) func `much of one kind takes linear time`(
        _ unit: String
    ) {
        var splitter = SentenceSplitter()
        var count = 0
        for _ in 0..<30_000 { count += splitter.append(unit).count }
        count += splitter.finish().count
        #expect(count <= 30_001)
    }
}
