/// What ``TurnTableTests`` expects: state + event -> next state: actions.
let turnTable = """
    fresh + started -> preparing greeting: say greeting, timer 12000.0
    fresh + onset -> fresh: 
    fresh + voiced 128 -> fresh: 
    fresh + voiced 320 -> fresh: 
    fresh + false onset -> fresh: 
    fresh + silence -> fresh: 
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
    fresh + reply audible -> fresh: 
    fresh + reply finished -> fresh: 
    fresh + reply failed -> fresh: 
    fresh + agent said -> fresh: 
    fresh + stale reply -> fresh: 
    fresh + typed -> fresh: 
    fresh + commit -> fresh: 
    fresh + cancel -> fresh: 
    fresh + drain -> ended: close draining
    fresh + hang up -> ended: close bye
    listening + started -> listening: 
    listening + onset -> listening: 
    listening + voiced 128 -> hearing: turn 1
    listening + voiced 320 -> hearing: turn 1
    listening + false onset -> listening: 
    listening + silence -> listening: drop utterance
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
    listening + reply audible -> listening: 
    listening + reply finished -> listening: 
    listening + reply failed -> listening: 
    listening + agent said -> listening: 
    listening + stale reply -> listening: 
    listening + typed -> preparing: turn 1, commit 1 hello, reply, timer 12000.0
    listening + commit -> listening: 
    listening + cancel -> listening: 
    listening + drain -> ended: close draining
    listening + hang up -> ended: close bye
    hearing + started -> hearing: 
    hearing + onset -> hearing: 
    hearing + voiced 128 -> hearing: 
    hearing + voiced 320 -> hearing: 
    hearing + false onset -> hearing: 
    hearing + silence -> pausing: timer 700.0, timer 200.0
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
    hearing + reply audible -> hearing: 
    hearing + reply finished -> hearing: 
    hearing + reply failed -> hearing: 
    hearing + agent said -> hearing: 
    hearing + stale reply -> hearing: 
    hearing + typed -> preparing: drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    hearing + commit -> recognizing: timer 8000.0, recognize, drop utterance
    hearing + cancel -> hearing: 
    hearing + drain -> hearing: 
    hearing + hang up -> ended: drop utterance, close bye
    pausing + started -> pausing: 
    pausing + onset -> pausing: 
    pausing + voiced 128 -> pausing: 
    pausing + voiced 320 -> pausing: 
    pausing + false onset -> pausing: 
    pausing + silence -> pausing: 
    pausing + resumed -> hearing: cancel recognition
    pausing + next timer -> pausing: ask, timer 1000.0
    pausing + last timer -> pausing: ask, timer 1000.0
    pausing + stale timer -> pausing: 
    pausing + end likely -> pausing: timer 80.0
    pausing + end unknown -> pausing: 
    pausing + stale end -> pausing: 
    pausing + words -> pausing: 
    pausing + no words -> pausing: 
    pausing + stale words -> pausing: 
    pausing + recognition failed -> pausing: 
    pausing + reply audible -> pausing: 
    pausing + reply finished -> pausing: 
    pausing + reply failed -> pausing: 
    pausing + agent said -> pausing: 
    pausing + stale reply -> pausing: 
    pausing + typed -> preparing: cancel recognition, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    pausing + commit -> recognizing: timer 8000.0
    pausing + cancel -> pausing: 
    pausing + drain -> pausing: 
    pausing + hang up -> ended: cancel recognition, drop utterance, close bye
    recognizing + started -> recognizing: 
    recognizing + onset -> recognizing: 
    recognizing + voiced 128 -> hearing: cancel recognition
    recognizing + voiced 320 -> hearing: cancel recognition
    recognizing + false onset -> recognizing: 
    recognizing + silence -> recognizing: 
    recognizing + resumed -> hearing: cancel recognition
    recognizing + next timer -> recognizing: 
    recognizing + last timer -> preparing failure: cancel recognition, ignore 1 recognition_timeout, drop utterance, say failure, timer 12000.0
    recognizing + stale timer -> recognizing: 
    recognizing + end likely -> recognizing: 
    recognizing + end unknown -> recognizing: 
    recognizing + stale end -> recognizing: 
    recognizing + words -> preparing: commit 1 hello, drop utterance, reply, timer 12000.0
    recognizing + no words -> listening: ignore 1 no_words, drop utterance, timer 15000.0
    recognizing + stale words -> recognizing: 
    recognizing + recognition failed -> recognizing: recognize
    recognizing + reply audible -> recognizing: 
    recognizing + reply finished -> recognizing: 
    recognizing + reply failed -> recognizing: 
    recognizing + agent said -> recognizing: 
    recognizing + stale reply -> recognizing: 
    recognizing + typed -> preparing: cancel recognition, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    recognizing + commit -> recognizing: 
    recognizing + cancel -> recognizing: 
    recognizing + drain -> recognizing: 
    recognizing + hang up -> ended: cancel recognition, drop utterance, close bye
    preparing + started -> preparing: 
    preparing + onset -> preparing: 
    preparing + voiced 128 -> preparing held: hold
    preparing + voiced 320 -> hearing: cancel reply
    preparing + false onset -> preparing: 
    preparing + silence -> preparing: drop utterance
    preparing + resumed -> preparing: 
    preparing + next timer -> preparing: 
    preparing + last timer -> preparing failure: cancel reply, say failure, timer 12000.0
    preparing + stale timer -> preparing: 
    preparing + end likely -> preparing: 
    preparing + end unknown -> preparing: 
    preparing + stale end -> preparing: 
    preparing + words -> preparing: 
    preparing + no words -> preparing: 
    preparing + stale words -> preparing: 
    preparing + recognition failed -> preparing: 
    preparing + reply audible -> speaking: 
    preparing + reply finished -> listening: timer 15000.0
    preparing + reply failed -> preparing failure: say failure, timer 12000.0
    preparing + agent said -> preparing: 
    preparing + stale reply -> preparing: 
    preparing + typed -> preparing: cancel reply, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    preparing + commit -> preparing: 
    preparing + cancel -> listening: cancel reply, timer 15000.0
    preparing + drain -> preparing: 
    preparing + hang up -> ended: cancel reply, close bye
    speaking + started -> speaking: 
    speaking + onset -> speaking: 
    speaking + voiced 128 -> speaking held: hold
    speaking + voiced 320 -> hearing: interrupt, turn 2
    speaking + false onset -> speaking: 
    speaking + silence -> speaking: drop utterance
    speaking + resumed -> speaking: 
    speaking + next timer -> speaking: 
    speaking + last timer -> speaking: 
    speaking + stale timer -> speaking: 
    speaking + end likely -> speaking: 
    speaking + end unknown -> speaking: 
    speaking + stale end -> speaking: 
    speaking + words -> speaking: 
    speaking + no words -> speaking: 
    speaking + stale words -> speaking: 
    speaking + recognition failed -> speaking: 
    speaking + reply audible -> speaking: 
    speaking + reply finished -> listening: timer 15000.0
    speaking + reply failed -> preparing failure: say failure, timer 12000.0
    speaking + agent said -> speaking: 
    speaking + stale reply -> speaking: 
    speaking + typed -> preparing: interrupt, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    speaking + commit -> speaking: 
    speaking + cancel -> listening: interrupt, timer 15000.0
    speaking + drain -> speaking: 
    speaking + hang up -> ended: interrupt, close bye
    held + started -> speaking held: 
    held + onset -> speaking held: 
    held + voiced 128 -> speaking held: 
    held + voiced 320 -> hearing: interrupt, turn 2
    held + false onset -> speaking held: 
    held + silence -> speaking held: timer 300.0
    held + resumed -> speaking held: 
    held + next timer -> speaking held: 
    held + last timer -> speaking held: 
    held + stale timer -> speaking held: 
    held + end likely -> speaking held: 
    held + end unknown -> speaking held: 
    held + stale end -> speaking held: 
    held + words -> speaking held: 
    held + no words -> speaking held: 
    held + stale words -> speaking held: 
    held + recognition failed -> speaking held: 
    held + reply audible -> speaking held: 
    held + reply finished -> listening: timer 15000.0
    held + reply failed -> preparing failure: say failure, timer 12000.0
    held + agent said -> speaking held: 
    held + stale reply -> speaking held: 
    held + typed -> preparing: interrupt, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    held + commit -> speaking held: 
    held + cancel -> listening: interrupt, timer 15000.0
    held + drain -> speaking held: 
    held + hang up -> ended: interrupt, close bye
    ended + started -> ended: 
    ended + onset -> ended: 
    ended + voiced 128 -> ended: 
    ended + voiced 320 -> ended: 
    ended + false onset -> ended: 
    ended + silence -> ended: 
    ended + resumed -> ended: 
    ended + next timer -> ended: 
    ended + last timer -> ended: 
    ended + stale timer -> ended: 
    ended + end likely -> ended: 
    ended + end unknown -> ended: 
    ended + stale end -> ended: 
    ended + words -> ended: 
    ended + no words -> ended: 
    ended + stale words -> ended: 
    ended + recognition failed -> ended: 
    ended + reply audible -> ended: 
    ended + reply finished -> ended: 
    ended + reply failed -> ended: 
    ended + agent said -> ended: 
    ended + stale reply -> ended: 
    ended + typed -> ended: 
    ended + commit -> ended: 
    ended + cancel -> ended: 
    ended + drain -> ended: 
    ended + hang up -> ended: 
    """
