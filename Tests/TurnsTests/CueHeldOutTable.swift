/// Rows the rules were not written for; they were not changed to suit these.
let cueHeldOutTable = """
    en | - | o | we were driving home when suddenly the
    en | - | o | I'd like to change my reservation from
    en | - | n | I'd like to change my reservation
    en | - | o | it happened right after we
    en | - | o | the invoice you sent me has
    en | - | n | the invoice you sent me is wrong
    en | - | f | is there any way to get a refund
    en | - | f | how late are you open tonight
    en | - | f | Do you deliver?
    en | - | o | do you deliver to
    en | - | f | who do I talk to about this?
    en | - | n | I was just looking around
    en | - | o | I'm calling in regards to
    en | - | o | there's a problem with my
    en | - | n | my internet is down
    en | - | o | well I mean it's kind of
    en | - | o | Yeah so basically
    en | - | o | two adults and three
    en | - | n | two adults and three children
    en | - | f | okay perfect thank you so much
    en | - | f | no that will be everything, bye
    en | - | o | um I think it was, uhm
    en | - | o | just a moment, I'll get my card
    en | - | o | one sec let me grab my glasses
    en | - | o | I need to speak with someone who
    en | - | o | do you happen to know whether
    en | - | f | could I get a window seat please
    en | - | n | the earliest you have
    en | - | o | it's the one with the
    en | - | n | I already turned it off and on
    en | - | f | what time does the pharmacy close
    en | - | o | what time does the
    en | - | f | am I speaking to a real person
    en | yesno | f | yep that's correct
    en | yesno | f | nope
    en | yesno | f | absolutely
    en | yesno | f | uh, yes please
    en | yesno | o | no I'd rather
    en | yesno | n | we moved last year
    en | phone | o | sure, it's two one two
    en | phone | f | sure it's two one two five five five oh one double nine
    en | phone | o | +1 212 555
    en | phone | n | I don't have a phone
    en | 4 | o | seven seven
    en | 4 | f | 7 7 3 1
    en | 8~12 | o | eight zero zero one
    en | 16 | f | 4111 1111 1111 1111
    en | email | o | it's mary underscore
    en | email | o | mary underscore jones at outlook
    en | email | f | Mary_Jones@outlook.com.
    en | date | f | the 4th of July 1990
    en | date | f | next Tuesday
    en | date | o | it was in August
    en | name | f | Maria Gonzalez
    en | spelling | o | B as in boy, R
    en | choice | f | either is fine by me, the first one
    zh | - | o | 我昨天在你们店里买了一件衣服，但是它的
    zh | - | n | 我昨天在你们店里买了一件衣服
    zh | - | o | 我想问一下关于
    zh | - | f | 请问你们周末营业吗
    zh | - | f | 从这里到机场要多长时间
    zh | - | o | 如果我明天过来的话
    zh | - | o | 我的地址是上海市
    zh | - | o | 主要是因为
    zh | - | o | 呃，我想找一下，嗯
    zh | - | f | 没有别的问题了，再见
    zh | - | o | 请帮我转接到
    zh | - | n | 网络坏了
    zh | - | o | 还有一个
    zh | - | f | 这样可以吗？
    zh | - | o | 您等我一下
    zh | - | o | 我這邊的訂單號碼是
    zh | yesno | f | 对，没错
    zh | yesno | f | 不用了，谢谢
    zh | yesno | n | 我们明天才到
    zh | 11 | o | 我的电话是幺三九二二
    zh | 11 | f | 幺三九 二二八八 七七六六
    zh | date | f | 下周三
    zh | date | o | 九月
    zh | name | f | 李雷
    """
