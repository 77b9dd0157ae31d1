import Testing

@testable import Dialogue

struct FactAnswersChineseTests {
    static let questions: [(String, String)] = [
        ("我的卡丢了", "银行卡挂失"), ("银行卡被偷了怎么办", "银行卡挂失"), ("我想挂失", "银行卡挂失"), ("你们几点开门", "营业时间"), ("请问周末营业吗", "营业时间"),
        ("退款什么时候到账", "退款"), ("我要退款", "退款"), ("我搬家了想改一下地址", "修改地址"), ("怎么修改地址", "修改地址"), ("每天最多能取多少钱", "限额"),
        ("我想提高限额", "限额"), ("账户管理费是多少", "账户费用"), ("出国可以刷卡吗", "境外用卡"), ("我的新卡还没到", "新卡寄送"), ("取款密码忘了", "忘记取款密码"),
        ("手机银行登录不了", "手机银行登录"), ("转账要多久到账", "转账"), ("有一笔扣款我不认识", "不认识的扣款"), ("我的卡被盗刷了", "不认识的扣款"), ("我想开户", "开户"),
        ("我要注销账户", "销户"), ("我想贷款买车", "贷款"), ("转人工", "人工客服"), ("我要找真人", "人工客服"),
    ]

    private static func answers(_ file: String) throws -> (FactAnswers, Agent) {
        let agent = try FactAnswersEnglishTests.agent(file)
        return (FactAnswers(facts: agent.facts, language: agent.language, agentName: agent.name), agent)
    }

    @Test func `nine of ten questions in or near the given wordings get the right fact`() throws {
        let (answers, agent) = try Self.answers("customer-service.zh.md")
        var missed: [String] = []
        for (question, title) in Self.questions {
            let answer = answers.answer(to: [ChatMessage(.user, question)])
            if answer != agent.facts.first(where: { $0.title == title })?.answer { missed.append("\(question) -> \(answer.prefix(40))") }
        }
        #expect(missed.count * 10 <= Self.questions.count, "\(missed)")
    }

    @Test(arguments: ["明天天气怎么样", "给我讲个笑话", "法国的首都是哪里", "帮我订一个披萨", "昨天的球赛谁赢了", "怎么做蛋糕", "我的狗丢了", "放一首歌", "你喜欢什么颜色"])
    func `what is in no fact is not answered`(question: String) throws {
        let (answers, _) = try Self.answers("customer-service.zh.md")
        let answer = answers.answer(to: [ChatMessage(.user, question)])
        #expect(answer.hasPrefix("抱歉，这个我不知道。您可以问我"), "\(answer)")
    }

    @Test(arguments: [("你好", "您好"), ("谢谢你", "不客气"), ("再见", "再见"), ("你是谁", "我是北风银行客服"), ("再说一遍", "欢迎致电"), ("你能做什么", "您可以问我")])
    func `small talk is answered`(said: String, beginning: String) throws {
        let (answers, _) = try Self.answers("customer-service.zh.md")
        #expect(answers.answer(to: [ChatMessage(.assistant, "欢迎致电。"), ChatMessage(.user, said)]).hasPrefix(beginning))
    }

    @Test func `follow-ups are about the last topic`() throws {
        let (answers, agent) = try Self.answers("customer-service.zh.md")
        let close = try #require(agent.facts.first { $0.title == "销户" })
        let messages = [ChatMessage(.user, "我要销户"), ChatMessage(.assistant, close.answer), ChatMessage(.user, "那要多久呢")]
        #expect(answers.answer(to: messages).contains("五个工作日"))
    }

    @Test func `language practice keeps a learner talking`() throws {
        let (chinese, agent) = try Self.answers("language-practice.zh.md")
        #expect(chinese.answer(to: [ChatMessage(.user, "我们聊聊旅行吧")]).hasPrefix("我们来聊聊旅行吧"))
        #expect(chinese.answer(to: [ChatMessage(.user, "昨天我和姐姐去了图书馆")]) == "真有意思。你可以多说一点吗？")
        #expect(agent.turns.profile == .patient)
        let (english, _) = try Self.answers("language-practice.en.md")
        let first = [
            ChatMessage(.user, "Yesterday I visited my grandmother"), ChatMessage(.assistant, "Nice."), ChatMessage(.user, "She gave me a puppy"),
        ]
        #expect(english.answer(to: first) == "I see. How did you feel about that?")
        #expect(english.answer(to: [ChatMessage(.user, "give me another topic")]).hasPrefix("We can talk about"))
    }
}
