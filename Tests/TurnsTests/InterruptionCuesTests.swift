import Testing
import Turns

struct InterruptionCuesTests {
    @Test(arguments: [
        "Stop.", "stop", "STOP!", "Wait", "wait wait", "Hold on.", "hold on a second", "Excuse me", "excuse me, can I ask", "No, no.",
        "no no no that's wrong",
        "Actually,", "actually I wanted the other one", "okay okay stop", "um, wait", "Yeah but wait", "please stop", "can you stop talking",
        "hang on", "Shut up",
        "Never mind.", "one moment", "I have a question", "等一下", "等一下。", "停", "停一下", "停停停", "不是", "不是，我说的是明天", "等等", "等等等等", "嗯，等一下", "别说了", "不对",
        "好的等一下", "你先停一下", "不不不",
    ])
    func commandsInterrupt(_ text: String) {
        #expect(InterruptionCues.verdict(partial: text, language: "") == .command)
    }

    @Test(arguments: [
        "uh-huh", "Uh huh.", "Mm-hmm.", "mm-hm", "Mhm", "yeah", "Yeah, yeah.", "yeah yeah yeah", "Right.", "right, right", "Okay", "OK.", "O.K.",
        "okay okay", "I see.",
        "Got it!", "oh I see", "yes", "Yep", "sure", "Hmm.", "all right", "makes sense", "Uh, yeah", "Thank you.", "嗯", "嗯嗯", "嗯，嗯。", "对", "对对对",
        "好的", "好的好的", "是的",
        "是的，对", "哦", "明白了", "知道了", "對", "嗯 好", "mm-hmm, okay",
    ])
    func backchannelsDoNot(_ text: String) {
        #expect(InterruptionCues.verdict(partial: text, language: "en") == .backchannel)
    }

    @Test(arguments: [
        "the bus stop is closed", "right now", "okay so what about Tuesday", "yeah I want the blue one", "I can't wait for it", "no", "what", "hello",
        "my name is John", "how much is it",
        "停车场在哪里", "我想问一下价格", "对了我还想要一个", "不", "苹果香蕉等等", "好的我要两个", "是不是", "the right one",
    ])
    func otherWordsAreContent(_ text: String) {
        #expect(InterruptionCues.verdict(partial: text, language: "zh") == .content)
    }

    @Test(arguments: ["", "  ", "...", "[noise]", "(coughs)", "<unk>", "um", "Uh,", "♪", "呃"])
    func noWordsSayNothing(_ text: String) {
        #expect(InterruptionCues.verdict(partial: text, language: "en") == .unknown)
    }

    @Test func otherLanguagesKnowOnlyWordsOfEverywhere() {
        #expect(InterruptionCues.verdict(partial: "Stop!", language: "de") == .command)
        #expect(InterruptionCues.verdict(partial: "ok", language: "fr-FR") == .backchannel)
        #expect(InterruptionCues.verdict(partial: "wait", language: "de") == .content)
    }
}
