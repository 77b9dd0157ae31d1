/// What ``TurnTableTests`` expects: state + event -> next state: actions.
let turnTable = quietTable + "\n" + answeringTable

/// Before and between replies.
private let quietTable = """
    fresh + started -> preparing greeting: say greeting, timer 12000.0
    fresh + onset -> fresh: 
    fresh + strong onset -> fresh: 
    fresh + likely -> fresh: 
    fresh + voiced 128 -> fresh: 
    fresh + voiced 320 -> fresh: 
    fresh + false onset -> fresh: 
    fresh + silence -> fresh: 
    fresh + stirred -> fresh: 
    fresh + stilled -> fresh: 
    fresh + resumed -> fresh: 
    fresh + next timer -> fresh: 
    fresh + last timer -> fresh: 
    fresh + stale timer -> fresh: 
    fresh + end likely -> fresh: 
    fresh + end unknown -> fresh: 
    fresh + stale end -> fresh: 
    fresh + words -> fresh: 
    fresh + no words -> fresh: 
    fresh + stale words -> fresh: 
    fresh + recognition failed -> fresh: 
    fresh + overheard command -> fresh: 
    fresh + overheard content -> fresh: 
    fresh + overheard backchannel -> fresh: 
    fresh + overheard nothing -> fresh: 
    fresh + no words to be had -> fresh: 
    fresh + protected -> fresh: 
    fresh + no longer protected -> fresh: 
    fresh + ending -> fresh: 
    fresh + reply audible -> fresh: 
    fresh + reply finished -> fresh: 
    fresh + reply failed -> fresh: 
    fresh + agent said -> fresh: 
    fresh + stale reply -> fresh: 
    fresh + typed -> fresh: 
    fresh + respond -> fresh: 
    fresh + commit -> fresh: 
    fresh + cancel -> fresh: 
    fresh + drain -> ended: close draining
    fresh + hang up -> ended: close bye
    listening + started -> listening: 
    listening + onset -> listening: 
    listening + strong onset -> listening: 
    listening + likely -> listening: 
    listening + voiced 128 -> hearing: turn 1
    listening + voiced 320 -> hearing: turn 1
    listening + false onset -> listening: 
    listening + silence -> listening: drop utterance
    listening + stirred -> listening: 
    listening + stilled -> listening: 
    listening + resumed -> hearing: turn 1
    listening + next timer -> listening: 
    listening + last timer -> preparing idle: say idle, timer 12000.0
    listening + stale timer -> listening: 
    listening + end likely -> listening: 
    listening + end unknown -> listening: 
    listening + stale end -> listening: 
    listening + words -> listening: 
    listening + no words -> listening: 
    listening + stale words -> listening: 
    listening + recognition failed -> listening: 
    listening + overheard command -> listening: 
    listening + overheard content -> listening: 
    listening + overheard backchannel -> listening: 
    listening + overheard nothing -> listening: 
    listening + no words to be had -> listening: 
    listening + protected -> listening: 
    listening + no longer protected -> listening: 
    listening + ending -> listening: 
    listening + reply audible -> listening: 
    listening + reply finished -> listening: 
    listening + reply failed -> listening: 
    listening + agent said -> listening: 
    listening + stale reply -> listening: 
    listening + typed -> preparing: turn 1, commit 1 hello, reply, timer 12000.0
    listening + respond -> preparing: reply, timer 12000.0
    listening + commit -> listening: 
    listening + cancel -> listening: 
    listening + drain -> ended: close draining
    listening + hang up -> ended: close bye
    hearing + started -> hearing: 
    hearing + onset -> hearing: 
    hearing + strong onset -> hearing: 
    hearing + likely -> hearing: 
    hearing + voiced 128 -> hearing: 
    hearing + voiced 320 -> hearing: 
    hearing + false onset -> hearing: 
    hearing + silence -> pausing: timer 700.0, timer 130.0
    hearing + stirred -> hearing: 
    hearing + stilled -> hearing: 
    hearing + resumed -> hearing: 
    hearing + next timer -> hearing: 
    hearing + last timer -> hearing: 
    hearing + stale timer -> hearing: 
    hearing + end likely -> hearing: 
    hearing + end unknown -> hearing: 
    hearing + stale end -> hearing: 
    hearing + words -> hearing: 
    hearing + no words -> hearing: 
    hearing + stale words -> hearing: 
    hearing + recognition failed -> hearing: 
    hearing + overheard command -> hearing: 
    hearing + overheard content -> hearing: 
    hearing + overheard backchannel -> hearing: 
    hearing + overheard nothing -> hearing: 
    hearing + no words to be had -> hearing: 
    hearing + protected -> hearing: 
    hearing + no longer protected -> hearing: 
    hearing + ending -> hearing: 
    hearing + reply audible -> hearing: 
    hearing + reply finished -> hearing: 
    hearing + reply failed -> hearing: 
    hearing + agent said -> hearing: 
    hearing + stale reply -> hearing: 
    hearing + typed -> preparing: drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    hearing + respond -> preparing aside: reply, timer 12000.0
    hearing + commit -> recognizing: timer 8000.0, recognize, drop utterance
    hearing + cancel -> hearing: 
    hearing + drain -> hearing: 
    hearing + hang up -> ended: drop utterance, close bye
    pausing + started -> pausing: 
    pausing + onset -> pausing: 
    pausing + strong onset -> pausing: 
    pausing + likely -> pausing: 
    pausing + voiced 128 -> pausing: 
    pausing + voiced 320 -> pausing: 
    pausing + false onset -> pausing: 
    pausing + silence -> pausing: 
    pausing + stirred -> pausing: 
    pausing + stilled -> pausing: 
    pausing + resumed -> hearing: cancel recognition
    pausing + next timer -> pausing: ask, timer 400.0
    pausing + last timer -> pausing: ask, timer 400.0
    pausing + stale timer -> pausing: 
    pausing + end likely -> pausing: timer 64.4944805288339
    pausing + end unknown -> pausing: 
    pausing + stale end -> pausing: 
    pausing + words -> pausing: 
    pausing + no words -> pausing: 
    pausing + stale words -> pausing: 
    pausing + recognition failed -> pausing: 
    pausing + overheard command -> pausing: 
    pausing + overheard content -> pausing: 
    pausing + overheard backchannel -> pausing: 
    pausing + overheard nothing -> pausing: 
    pausing + no words to be had -> pausing: 
    pausing + protected -> pausing: 
    pausing + no longer protected -> pausing: 
    pausing + ending -> pausing: 
    pausing + reply audible -> pausing: 
    pausing + reply finished -> pausing: 
    pausing + reply failed -> pausing: 
    pausing + agent said -> pausing: 
    pausing + stale reply -> pausing: 
    pausing + typed -> preparing: cancel recognition, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    pausing + respond -> preparing aside: cancel recognition, reply, timer 12000.0
    pausing + commit -> recognizing: timer 8000.0
    pausing + cancel -> pausing: 
    pausing + drain -> pausing: 
    pausing + hang up -> ended: cancel recognition, drop utterance, close bye
    recognizing + started -> recognizing: 
    recognizing + onset -> recognizing: 
    recognizing + strong onset -> recognizing: 
    recognizing + likely -> recognizing: 
    recognizing + voiced 128 -> hearing: cancel recognition
    recognizing + voiced 320 -> hearing: cancel recognition
    recognizing + false onset -> recognizing: 
    recognizing + silence -> recognizing: 
    recognizing + stirred -> recognizing: 
    recognizing + stilled -> recognizing: 
    recognizing + resumed -> hearing: cancel recognition
    recognizing + next timer -> recognizing: 
    recognizing + last timer -> preparing failure: cancel recognition, ignore 1 recognition_timeout, drop utterance, say failure, timer 12000.0
    recognizing + stale timer -> recognizing: 
    recognizing + end likely -> recognizing: 
    recognizing + end unknown -> recognizing: 
    recognizing + stale end -> recognizing: 
    recognizing + words -> preparing: commit 1 hello, drop utterance, reply, timer 12000.0
    recognizing + no words -> preparing reprompt: ignore 1 no_words, drop utterance, say reprompt, timer 12000.0
    recognizing + stale words -> recognizing: 
    recognizing + recognition failed -> recognizing: recognize
    recognizing + overheard command -> recognizing: 
    recognizing + overheard content -> recognizing: 
    recognizing + overheard backchannel -> recognizing: 
    recognizing + overheard nothing -> recognizing: 
    recognizing + no words to be had -> recognizing: 
    recognizing + protected -> recognizing: 
    recognizing + no longer protected -> recognizing: 
    recognizing + ending -> recognizing: 
    recognizing + reply audible -> recognizing: 
    recognizing + reply finished -> recognizing: 
    recognizing + reply failed -> recognizing: 
    recognizing + agent said -> recognizing: 
    recognizing + stale reply -> recognizing: 
    recognizing + typed -> preparing: cancel recognition, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    recognizing + respond -> recognizing: 
    recognizing + commit -> recognizing: 
    recognizing + cancel -> recognizing: 
    recognizing + drain -> recognizing: 
    recognizing + hang up -> ended: cancel recognition, drop utterance, close bye
    """
