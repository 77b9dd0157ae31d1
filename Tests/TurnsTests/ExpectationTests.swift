import Testing
import Turns

struct ExpectationTests {
    private static let asked = """
        en|phone|Could you give me your ten-digit phone number?|10
        en|phone|What's the best phone number to reach you at?|phone
        en|date|What is your date of birth?|date
        en|yesno|Is that right?|yesno
        en|yesno|Your number is 555 1234, is that right?|yesno
        en|-|How can I help you today?|-
        en|-|Thanks for calling.|-
        en|-|Tell me more about the problem.|-
        en|name|May I have your name, please?|name
        en|name|Who am I speaking with?|name
        en|spelling|Could you spell your last name for me?|spelling
        en|email|And what is your email address?|email
        en|email|Please tell me your e-mail address.|email
        en|yesno|Is your email john@example.com?|yesno
        en|yesno|Would you like me to send it to your email?|yesno
        en|choice|Would you like coffee or tea?|choice
        en|choice|Do you prefer Monday or Tuesday?|choice
        en|yesno|Do you want to continue?|yesno
        en|yesno|Anything else?|yesno
        en|yesno|Great. Shall I book that for you?|yesno
        en|4|What are the last four digits of your card number?|4
        en|9|Please enter your social security number.|9
        en|5|What's your zip code?|5
        en|digits|Can I have your order number?|digits
        en|card|Please read me your credit card number.|15~16
        en|code|Please say the six digit code we sent you.|6
        en|date|When would you like to come in?|date
        en|date|Which day works best?|date
        en|phone|What's your phone number? Take your time.|phone
        en|-|What is the number of people in your party?|-
        en|-|What is your phone number? Oh, I see it. How can I help?|-
        en-US|yesno|Okay, did you restart it?|yesno
        de|-|Wie ist Ihre Telefonnummer?|-
        zh|11|请问您的电话号码是多少？|11
        zh|11|请告诉我您的手机号码。|11
        zh|11|能告诉我您的电话号码吗？|11
        zh|yesno|对吗？|yesno
        zh|yesno|您的电话是13800138000，对吗？|yesno
        zh|date|您的出生日期是什么？|date
        zh|name|请问您贵姓？|name
        zh|name|怎么称呼您|name
        zh|email|您的邮箱地址是什么？|email
        zh|choice|您要大杯还是小杯？|choice
        zh|yesno|需要我帮您预订吗|yesno
        zh|-|请问有什么可以帮您？|-
        zh|code|请说一下收到的六位验证码|4~8
        zh|18|请提供您的身份证号码|18
        zh-TW|11|請問您的電話號碼是多少？|11
        """

    @Test(arguments: Self.asked.split(separator: "\n").map(String.init))
    func theAgentsLastSentenceTellsWhatItAskedFor(_ line: String) throws {
        let fields = line.split(separator: "|").map { String($0) }
        try #require(fields.count == 4)
        let language = fields[0].filter { $0 != " " }
        #expect(Expectation.expectation(fromAgent: fields[2], language: language) == CueRow.expectation(fields[3]))
    }

    @Test(arguments: [
        ("phone", "415 555 1234"), ("phone", "1 415 555 1234"), ("phone", "four one five, five five five, one two three four"),
        ("phone", "07700 900 123"),
        ("phone", "415 no sorry 416 555 1234"), ("11", "一三八零零一三八零零零"), ("11", "138 0013 8000"), ("date", "March 3rd, 1984"),
        ("date", "third of march"),
        ("date", "03/05/1984"), ("date", "tomorrow"), ("date", "三月五号"), ("date", "明天"), ("email", "x at y dot com"), ("email", "bob@example.org"),
        ("email", "bob at example dot co dot uk"), ("yesno", "yes"), ("yesno", "No, thanks."), ("yesno", "好的"), ("name", "John"),
        ("spelling", "J O N"), ("16", "4111 1111 1111 1111"),
    ])
    func aWholeValueIsComplete(_ expecting: String, _ text: String) {
        #expect(CueRow.expectation(expecting).isComplete(text))
    }

    @Test(arguments: [
        ("phone", "415 555 123"), ("phone", "1 415 555 123"), ("phone", ""), ("phone", "I don't know"), ("phone", "four one five double"),
        ("11", "一三八零零"),
        ("date", "March"), ("date", "March third nineteen"), ("date", "hello"), ("date", "九月"), ("email", "x at y dot"), ("email", "x at y"),
        ("email", "x"),
        ("yesno", "the blue one"), ("name", "my name is"), ("spelling", "J"), ("-", "everything"), ("choice", "tea"), ("digits", "12345"),
    ])
    func aPartOfAValueIsNot(_ expecting: String, _ text: String) {
        #expect(!CueRow.expectation(expecting).isComplete(text))
    }
}
