/// The part of ``turnTable`` in which the agent answers, and the end.
let answeringTable = """
    preparing + started -> preparing: 
    preparing + onset -> preparing: 
    preparing + strong onset -> preparing: 
    preparing + likely -> preparing: 
    preparing + voiced 128 -> preparing held: hold
    preparing + voiced 320 -> hearing: cancel reply
    preparing + false onset -> preparing: 
    preparing + silence -> preparing: drop utterance
    preparing + stirred -> preparing: 
    preparing + stilled -> preparing: 
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
    preparing + overheard command -> preparing: 
    preparing + overheard content -> preparing: 
    preparing + overheard backchannel -> preparing: 
    preparing + overheard nothing -> preparing: 
    preparing + no words to be had -> preparing: 
    preparing + protected -> preparing protected: 
    preparing + no longer protected -> preparing: 
    preparing + ending -> preparing ending: 
    preparing + reply audible -> speaking: 
    preparing + reply finished -> listening: timer 15000.0
    preparing + reply failed -> preparing failure: say failure, timer 12000.0
    preparing + agent said -> preparing: 
    preparing + stale reply -> preparing: 
    preparing + typed -> preparing: cancel reply, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    preparing + respond -> preparing: 
    preparing + commit -> preparing: 
    preparing + cancel -> listening: cancel reply, timer 15000.0
    preparing + drain -> preparing: 
    preparing + hang up -> ended: cancel reply, close bye
    speaking + started -> speaking: 
    speaking + onset -> speaking: 
    speaking + strong onset -> speaking held: hold, timer 1200.0
    speaking + likely -> speaking held: hold, timer 1200.0
    speaking + voiced 128 -> speaking held: hold, timer 1200.0
    speaking + voiced 320 -> speaking held overhearing: hold, timer 1200.0, overhear, timer 400.0
    speaking + false onset -> speaking: 
    speaking + silence -> speaking: drop utterance
    speaking + stirred -> speaking: 
    speaking + stilled -> speaking: 
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
    speaking + overheard command -> speaking: 
    speaking + overheard content -> speaking: 
    speaking + overheard backchannel -> speaking: 
    speaking + overheard nothing -> speaking: 
    speaking + no words to be had -> speaking: 
    speaking + protected -> speaking protected: 
    speaking + no longer protected -> speaking: 
    speaking + ending -> speaking ending: 
    speaking + reply audible -> speaking: 
    speaking + reply finished -> listening: timer 15000.0
    speaking + reply failed -> preparing failure: say failure, timer 12000.0
    speaking + agent said -> speaking: 
    speaking + stale reply -> speaking: 
    speaking + typed -> preparing: interrupt, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    speaking + respond -> speaking: 
    speaking + commit -> speaking: 
    speaking + cancel -> listening: interrupt, timer 15000.0
    speaking + drain -> speaking: 
    speaking + hang up -> ended: interrupt, close bye
    held + started -> speaking held: 
    held + onset -> speaking held: 
    held + strong onset -> speaking held: 
    held + likely -> speaking held: 
    held + voiced 128 -> speaking held: 
    held + voiced 320 -> speaking held overhearing: overhear, timer 400.0
    held + false onset -> speaking held: 
    held + silence -> speaking held overhearing: timer 300.0, overhear, timer 400.0
    held + stirred -> speaking held: 
    held + stilled -> speaking held: 
    held + resumed -> speaking held: 
    held + next timer -> speaking held: 
    held + last timer -> speaking: resume, drop utterance
    held + stale timer -> speaking held: 
    held + end likely -> speaking held: 
    held + end unknown -> speaking held: 
    held + stale end -> speaking held: 
    held + words -> speaking held: 
    held + no words -> speaking held: 
    held + stale words -> speaking held: 
    held + recognition failed -> speaking held: 
    held + overheard command -> speaking held: 
    held + overheard content -> speaking held: 
    held + overheard backchannel -> speaking held: 
    held + overheard nothing -> speaking held: 
    held + no words to be had -> speaking held: 
    held + protected -> speaking held protected: 
    held + no longer protected -> speaking held: 
    held + ending -> speaking held ending: 
    held + reply audible -> speaking held: 
    held + reply finished -> listening: timer 15000.0
    held + reply failed -> preparing failure: say failure, timer 12000.0
    held + agent said -> speaking held: 
    held + stale reply -> speaking held: 
    held + typed -> preparing: interrupt, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    held + respond -> speaking held: 
    held + commit -> speaking held: 
    held + cancel -> listening: interrupt, timer 15000.0
    held + drain -> speaking held: 
    held + hang up -> ended: interrupt, close bye
    overhearing + started -> speaking held overhearing: 
    overhearing + onset -> speaking held overhearing: 
    overhearing + strong onset -> speaking held overhearing: 
    overhearing + likely -> speaking held overhearing: 
    overhearing + voiced 128 -> speaking held overhearing: 
    overhearing + voiced 320 -> speaking held overhearing: 
    overhearing + false onset -> speaking held overhearing: 
    overhearing + silence -> speaking held overhearing: timer 300.0
    overhearing + stirred -> speaking held overhearing: 
    overhearing + stilled -> speaking held overhearing: 
    overhearing + resumed -> speaking held overhearing: 
    overhearing + next timer -> speaking held overhearing: 
    overhearing + last timer -> speaking held: 
    overhearing + stale timer -> speaking held overhearing: 
    overhearing + end likely -> speaking held overhearing: 
    overhearing + end unknown -> speaking held overhearing: 
    overhearing + stale end -> speaking held overhearing: 
    overhearing + words -> speaking held overhearing: 
    overhearing + no words -> speaking held overhearing: 
    overhearing + stale words -> speaking held overhearing: 
    overhearing + recognition failed -> speaking held overhearing: 
    overhearing + overheard command -> hearing: interrupt, turn 2
    overhearing + overheard content -> speaking held: 
    overhearing + overheard backchannel -> speaking held: 
    overhearing + overheard nothing -> speaking held: 
    overhearing + no words to be had -> speaking held: 
    overhearing + protected -> speaking held overhearing protected: 
    overhearing + no longer protected -> speaking held overhearing: 
    overhearing + ending -> speaking held overhearing ending: 
    overhearing + reply audible -> speaking held overhearing: 
    overhearing + reply finished -> listening: timer 15000.0
    overhearing + reply failed -> preparing failure: say failure, timer 12000.0
    overhearing + agent said -> speaking held overhearing: 
    overhearing + stale reply -> speaking held overhearing: 
    overhearing + typed -> preparing: interrupt, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    overhearing + respond -> speaking held overhearing: 
    overhearing + commit -> speaking held overhearing: 
    overhearing + cancel -> listening: interrupt, timer 15000.0
    overhearing + drain -> speaking held overhearing: 
    overhearing + hang up -> ended: interrupt, close bye
    held silent + started -> speaking held overhearing: 
    held silent + onset -> speaking held overhearing: 
    held silent + strong onset -> speaking held overhearing: 
    held silent + likely -> speaking held overhearing: 
    held silent + voiced 128 -> speaking held overhearing: 
    held silent + voiced 320 -> speaking held overhearing: 
    held silent + false onset -> speaking held overhearing: 
    held silent + silence -> speaking held overhearing: 
    held silent + stirred -> speaking held overhearing: 
    held silent + stilled -> speaking held overhearing: 
    held silent + resumed -> speaking held overhearing: 
    held silent + next timer -> speaking held overhearing: 
    held silent + last timer -> speaking held: 
    held silent + stale timer -> speaking held overhearing: 
    held silent + end likely -> speaking held overhearing: 
    held silent + end unknown -> speaking held overhearing: 
    held silent + stale end -> speaking held overhearing: 
    held silent + words -> speaking held overhearing: 
    held silent + no words -> speaking held overhearing: 
    held silent + stale words -> speaking held overhearing: 
    held silent + recognition failed -> speaking held overhearing: 
    held silent + overheard command -> pausing: interrupt, turn 2, timer 700.0, timer 130.0
    held silent + overheard content -> pausing: interrupt, turn 2, timer 700.0, timer 130.0
    held silent + overheard backchannel -> speaking held: 
    held silent + overheard nothing -> speaking held: 
    held silent + no words to be had -> speaking held: 
    held silent + protected -> speaking held overhearing protected: 
    held silent + no longer protected -> speaking held overhearing: 
    held silent + ending -> speaking held overhearing ending: 
    held silent + reply audible -> speaking held overhearing: 
    held silent + reply finished -> pausing: turn 2, timer 700.0, timer 130.0
    held silent + reply failed -> preparing failure: say failure, timer 12000.0
    held silent + agent said -> speaking held overhearing: 
    held silent + stale reply -> speaking held overhearing: 
    held silent + typed -> preparing: interrupt, drop utterance, turn 2, commit 2 hello, reply, timer 12000.0
    held silent + respond -> speaking held overhearing: 
    held silent + commit -> speaking held overhearing: 
    held silent + cancel -> pausing: interrupt, turn 2, timer 700.0, timer 130.0
    held silent + drain -> speaking held overhearing: 
    held silent + hang up -> ended: interrupt, close bye
    ended + started -> ended: 
    ended + onset -> ended: 
    ended + strong onset -> ended: 
    ended + likely -> ended: 
    ended + voiced 128 -> ended: 
    ended + voiced 320 -> ended: 
    ended + false onset -> ended: 
    ended + silence -> ended: 
    ended + stirred -> ended: 
    ended + stilled -> ended: 
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
    ended + overheard command -> ended: 
    ended + overheard content -> ended: 
    ended + overheard backchannel -> ended: 
    ended + overheard nothing -> ended: 
    ended + no words to be had -> ended: 
    ended + protected -> ended: 
    ended + no longer protected -> ended: 
    ended + ending -> ended: 
    ended + reply audible -> ended: 
    ended + reply finished -> ended: 
    ended + reply failed -> ended: 
    ended + agent said -> ended: 
    ended + stale reply -> ended: 
    ended + typed -> ended: 
    ended + respond -> ended: 
    ended + commit -> ended: 
    ended + cancel -> ended: 
    ended + drain -> ended: 
    ended + hang up -> ended: 
    """
