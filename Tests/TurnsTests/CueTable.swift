/// Rows the rules were written for.
let cueTable = """
    en | - | o | I want to book a table and
    en | - | o | I want to book a table and.
    en | - | o | because
    en | - | n | So what I am after is a card that I can use abroad
    en | - | n | when they came back the door was open
    en | - | f | what are they doing about it
    en | - | o | I'd like to go because
    en | - | o | my number is
    en | - | o | I would like to
    en | - | o | Could you send it to the
    en | - | o | Could you send it to the.
    en | - | o | I live in
    en | - | o | So I was thinking, um
    en | - | o | I need, uh,
    en | - | o | Er
    en | - | o | Let me see.
    en | - | o | hold on
    en | phone | o | hold on a second
    en | phone | o | 555
    en | phone | o | five five five one two three
    en | phone | o | It's 415 555 12
    en | phone | f | It's 415 555 1234
    en | phone | f | four one five five five five one two three four
    en | phone | o | area code
    en | phone | o | one four one five five five five one two three
    en | phone | f | (415) 555-1234.
    en | - | o | my phone number is four one five
    en | - | f | my phone number is 415-555-1234
    en | - | n | twenty
    en | - | n | I have twenty
    en | - | o | j o h
    en | spelling | o | S M I
    en | spelling | f | Smith, S M I T H
    en | - | n | at five p m
    en | - | f | what are your opening hours
    en | - | f | What are your opening hours?
    en | - | f | Can you help me with my bill
    en | - | o | can you tell me
    en | - | o | Could you please
    en | - | f | I'd like a coffee, please.
    en | - | f | no that's fine thanks
    en | - | f | Thank you very much.
    en | - | f | That's all.
    en | yesno | f | Yes.
    en | yesno | f | no
    en | yesno | f | ok
    en | yesno | f | Yeah, sure.
    en | yesno | f | mm-hmm
    en | yesno | o | Yes, but
    en | yesno | f | yes I can
    en | - | n | I think so
    en | - | n | The bus was late this morning
    en | - | o | The problem is
    en | - | o | I'm
    en | - | n | I want to log in
    en | - | f | Where are you from?
    en | email | o | john dot smith at
    en | email | o | john dot smith at gmail dot
    en | email | f | john dot smith at gmail dot com
    en | email | f | john.smith@gmail.com
    en | date | o | March
    en | date | n | March third
    en | date | o | March third nineteen
    en | date | f | March third nineteen eighty four
    en | date | f | tomorrow
    en | name | o | my name is
    en | name | f | my name is John Smith
    en | choice | f | the second one
    en | - | n | 
    de | - | n | ich gehe an
    de | - | f | Wie geht es Ihnen?
    de | phone | o | 555 12
    zh | - | o | 我想订一个房间和
    zh | - | o | 但是
    zh | - | o | 我今天不能来，因为
    zh | - | o | 就是
    zh | - | o | 我想去北京，然后
    zh | - | o | 我的号码是
    zh | - | o | 我想要
    zh | - | o | 嗯，那个
    zh | - | o | 稍等一下
    zh | - | o | 让我想想
    zh | phone | o | 一三八
    zh | 11 | f | 一三八零零一三八零零零
    zh | 11 | f | 13800138000。
    zh | - | f | 你们几点开门吗
    zh | - | f | 这个多少钱
    zh | - | f | 這個多少錢嗎
    zh | - | f | 你们是明天营业是不是
    zh | - | f | 那你呢
    zh | - | f | 谢谢
    zh | - | f | 就这样吧，谢谢。
    zh | yesno | f | 是的
    zh | yesno | f | 好的，可以
    zh | yesno | f | 嗯
    zh | - | n | 我明天去北京
    zh | - | o | 请问
    zh | - | o | 我叫
    zh | date | f | 一九八四年三月五号
    zh | date | o | 一九八四年
    zh | name | f | 我叫王小明
    """
