/// Every setting there is, in the order of the reference.
package enum SettingsTable {
    package static let all: [Setting] = server + calls + turns + engines + house

    private static let server: [Setting] = [
        .text("server.host", \.server.host, "Address the doors listen on."),
        .integer("server.port", \.server.port, 0...65_535, "Port of the calls; 0 takes any free one."),
        .integer("server.loops", \.server.loops, 0...256, "Event loops; 0 is one a core."),
        .path("server.path", \.server.path, "Path of the native door."),
        .keys("server.keys", \.server.keys, "Keys that callers show, by tenant; without any, only this machine may call."),
        .flag("server.allow_open", \.server.allowsOpen, "Lets everybody call without a key on an address that others can reach."),
        .list("server.origins", \.server.origins, "Origins of web pages that may call; `*` is every one."),
        .url(
            "server.public_url", \.server.publicURL,
            "Address of this server as others are told it, `https://HOST`; a telephone carrier's signature is made over it."
        ).unset("none"),
        .secret("twilio.key", \.twilioKey, "Auth token of the Twilio account; its calls must be signed with it."),
        .flag("server.page", \.server.hasPage, "Serves a page at `/` on which people talk with the agents."),
        .milliseconds(
            "server.overload_ms", \.server.overload, 0...10_000,
            "How late event loops may be, on average, before further calls get 503; partials are spared from half of it on, speculation from a quarter. 0: never."
        ),
        .integer(
            "server.overload_percent", \.server.overloadPercent, 0...100,
            "How much of the time an event loop may have work to do, with what calls of the last seconds will cost, before further calls get 503; partials are spared from 3 less on, speculation from 6 less. 0: never."
        ),
        .integer("server.maximum_sessions", \.server.maximumSessions, 1...100_000, "Most sessions at once; further callers get 503."),
        .integer(
            "server.maximum_sessions_per_tenant", \.server.maximumSessionsPerTenant, 0...100_000,
            "Most sessions of one tenant at once; 0 is no limit of its own."),
        .milliseconds("server.handshake_ms", \.server.handshake, 100...60_000, "From accepting a connection to the end of its request."),
        .milliseconds("server.drain_ms", \.server.drain, 0...600_000, "How long calls may go on when the server is shut down."),
        .integer("server.admin_port", \.server.adminPort, 0...65_535, "Port of health and metrics; 0 is the port of the calls."),
    ]

    private static let calls: [Setting] = [
        .milliseconds("session.grace_ms", \.session.grace, 0...600_000, "How long a lost connection may be resumed."),
        .milliseconds("session.idle_ms", \.session.idle, 1_000...3_600_000, "Silence of a connection after which it is closed."),
        .minutes("session.maximum_minutes", \.session.maximum, 1...1_440, "Longest session."),
        .milliseconds("session.lead_ms", \.session.lead, 20...2_000, "How far the agent's audio is sent ahead of real time."),
        .milliseconds(
            "session.utterance_maximum_ms", \.session.utteranceMaximum, 1_000...120_000,
            "Longest utterance; what comes after begins a new one."),
        .choice(
            "audio.output_application", \.audio.outputApplication,
            "What the agent's Opus encoder is made for: `lowdelay` takes a third of the work, `voip` sounds better below 48000 bits a second."),
        .integer("audio.output_bitrate", \.audio.outputBitrate, 6_000...256_000, "Bits a second of the agent's Opus audio."),
        .integer("audio.output_complexity", \.audio.outputComplexity, 0...10, "Effort of the Opus encoder."),
        .flag("audio.output_fec", \.audio.outputFEC, "Puts a copy of each packet into the next; of no use over TCP without gaps."),
        .flag("audio.output_dtx", \.audio.outputDTX, "Sends next to nothing while the agent is silent within a reply."),
    ]

    private static let turns: [Setting] = [
        .choice("vad.engine", \.voiceDetection.engine, "Voice detector; `auto` takes the best that is there."),
        .number("vad.on", \.voiceDetection.on, 0.05...0.99, "Probability from which a sound is voice."),
        .number("vad.off", \.voiceDetection.off, 0.01...0.95, "Probability below which voice has ended; below `vad.on`."),
        .flag("echo.guard", \.echo.isGuarded, "Keeps the agent's own voice from a caller's loudspeaker from interrupting it."),
        .milliseconds("echo.longest_delay_ms", \.echo.longestDelay, 100...1_700, "Longest time from sending a sound to hearing it again."),
        .number("echo.double_talk", \.echo.doubleTalk, 0.5...20, "Evidence that lets a voice through over the echo; more is surer and later."),
        .choice("turns.profile", \.turns.profile, "How quickly the agent takes its turn; agents may have their own."),
        .milliseconds("turns.minimum_speech_ms", \.turns.minimumSpeech, 20...2_000, "Voiced time from which a sound is speech."),
        .milliseconds("turns.prefix_ms", \.turns.prefix, 0...2_000, "Audio kept from before the onset, for the recognizer."),
        .milliseconds("turns.silence_ms", \.turns.silence, 100...10_000, "Silence that ends a turn when no model judges it.")
            .unset("the profile's"),
        .number("turns.eot_threshold", \.turns.endOfTurnThreshold, 0.01...0.99, "Probability from which the end of the turn is likely."),
        .durations("turns.eot_asks_ms", \.turns.endOfTurnAsks, 50...5_000, "Silences at which the end-of-turn model is asked."),
        .milliseconds("turns.minimum_silence_ms", \.turns.minimumSilence, 50...5_000, "No turn ends before this much silence.")
            .unset("the profile's"),
        .milliseconds("turns.maximum_silence_ms", \.turns.maximumSilence, 200...20_000, "Every turn ends after this much silence.")
            .unset("the profile's"),
        .milliseconds(
            "turns.doubtful_silence_ms", \.turns.doubtfulSilence, 50...20_000,
            "Silence that ends a turn of which nobody can say whether it is over; 0.85 of it after nine words and more, up to 1.5 times it in a row of digits read with long pauses."
        )
        .unset("the profile's"),
        .number("turns.likely", \.turns.likely, 0.01...0.99, "Probability of the end by all that is known, from about which the wait is short.")
            .unset("the profile's"),
        .number("turns.unlikely", \.turns.unlikely, 0.01...0.99, "The same, below about which the wait is the longest.")
            .unset("the profile's"),
        .milliseconds("turns.hold_ms", \.turns.hold, 32...2_000, "Voiced time over the agent from which it holds its breath."),
        .number("turns.hold_sure", \.turns.holdSure, 0.5...1, "Probability of a voice from which the agent holds its breath at once."),
        .durations(
            "turns.word_asks_ms", \.turns.wordAsks, 50...5_000, "Voiced times over the agent at which the words so far are asked for."),
        .milliseconds("turns.word_limit_ms", \.turns.wordLimit, 50...5_000, "How long these words may take."),
        .milliseconds(
            "turns.content_ms", \.turns.contentVoiced, 50...5_000,
            "Voiced time from which words within a sound interrupt; a command does at once, and at the sound's end all words count."),
        .number(
            "turns.sure_words", \.turns.sureWords, 0...1,
            "The recognizer's confidence from which words interrupt the first time; less sure ones do when more follow."),
        .milliseconds(
            "turns.barge_in_ms", \.turns.bargeIn, 50...5_000,
            "Voiced time over the agent from which it is an interruption where the words cannot be had."),
        .milliseconds(
            "turns.going_on_ms", \.turns.goingOn, 50...5_000,
            "Voiced time before anything of a reply was heard from which the caller goes on with their turn."),
        .milliseconds("turns.hold_limit_ms", \.turns.holdLimit, 200...10_000, "How long a sound without words may hold the agent."),
        .integer(
            "turns.false_starts", \.turns.falseStarts, 1...10, "How often sounds that were none may hold one reply; each has to last longer."),
        .milliseconds(
            "turns.echo_tail_ms", \.turns.echoTail, 0...3_000,
            "A sound that ends sooner after the agent was held for it may be the agent's own, come back, and has to be surer; 0 for never."),
        .milliseconds(
            "turns.resume_ms", \.turns.resumeAfter, 100...3_000, "Silence after a sound that was no interruption, before the agent goes on."),
        .milliseconds("turns.ending_ms", \.turns.ending, 0...3_000, "What is left of a reply from which it is said to its end."),
        .milliseconds(
            "turns.filler_ms", \.turns.filler, 0...30_000, "Silence before a slow answer after which one of the agent's fillers is said; 0 for never."
        ),
        .integer("turns.idle_prompts", \.turns.idlePrompts, 0...20, "How often it asks before it hangs up."),
        .choice("turn_detector.engine", \.turnDetector, "End-of-turn model; `none` decides by silence alone."),
    ]

    private static let engines: [Setting] = [
        .choice(
            "engines.mode", \.engines,
            "`scripted` is for load tests: end of turn, recognition and speech of fixed latency, whatever their own settings say."),
        .number(
            "engines.failure_rate", \.engineFailureRate, 0...1,
            "Share of their requests in which scripted engines fail or stall, at random; only with `engines.mode` scripted."),
        .choice("recognizer.engine", \.recognizer.engine, "Speech to text; `none` leaves the agent deaf."),
        .url("recognizer.url", \.recognizer.url, "Base address of the service.").unset("the engine's"),
        .secret("recognizer.key", \.recognizer.key, "Key of the service."),
        .text("recognizer.model", \.recognizer.model, "Model by the engine's own name.").unset("the engine's"),
        .milliseconds("recognizer.timeout_ms", \.recognizer.timeout, 100...120_000, "Longest wait for a transcript."),
        .choice("llm.engine", \.languageModel.engine, "Who answers; `answers` speaks from the agent's own file, without a model."),
        .url("llm.url", \.languageModel.url, "Base address of the service.").unset("the engine's").fallingBack(to: "OPENAI_BASE_URL"),
        .secret("llm.key", \.languageModel.key, "Key of the service.").fallingBack(to: "OPENAI_API_KEY"),
        .text("llm.model", \.languageModel.model, "Model by the engine's own name.").unset("the engine's"),
        .number("llm.temperature", \.languageModel.temperature, 0...2, "How freely the model chooses its words.").unset("the engine's"),
        .integer("llm.maximum_tokens", \.languageModel.maximumTokens, 1...32_768, "Most tokens of one answer."),
        .milliseconds("llm.connect_ms", \.languageModel.connect, 50...60_000, "Longest wait for a connection."),
        .milliseconds("llm.first_token_ms", \.languageModel.firstToken, 100...120_000, "Longest wait for the first token."),
        .milliseconds("llm.idle_ms", \.languageModel.idle, 100...120_000, "Longest gap within an answer."),
        .milliseconds("llm.total_ms", \.languageModel.total, 500...600_000, "Longest answer."),
        .integer("llm.retries", \.languageModel.retries, 0...5, "How often a request that failed before its first token is sent again."),
        .choice("synthesizer.engine", \.synthesizer.engine, "Text to speech; `none` leaves the agent mute."),
        .url("synthesizer.url", \.synthesizer.url, "Base address of the service.").unset("the engine's"),
        .secret("synthesizer.key", \.synthesizer.key, "Key of the service."),
        .text("synthesizer.model", \.synthesizer.model, "Model by the engine's own name.").unset("the engine's"),
        .text("synthesizer.voice", \.synthesizer.voice, "Voice by the engine's own name.").unset("the engine's"),
        .milliseconds("synthesizer.timeout_ms", \.synthesizer.timeout, 100...120_000, "Longest wait for the first audio."),
    ]

    private static let house: [Setting] = [
        .integer("inference.threads", \.inference.threads, 0...256, "Threads for models in this process; 0 is one a core."),
        .integer("inference.queue", \.inference.queue, 1...10_000, "Jobs that may wait for such a thread; further ones are refused."),
        .text("agents.directory", \.agents.directory, "Where the agents' files are."),
        .text("agents.default", \.agents.standard, "Agent of a caller who names none."),
        .text("data.directory", \.dataDirectory, "Where model files are kept.").unset("the user's data folder")
            .fallingBack(to: "PARLEY_DATA_DIR"),
        .text("record.directory", \.recordDirectory, "Where calls are recorded; audio and words of people lie there.").unset("off"),
        .choice("log.level", \.log.level, "Least level that is logged."),
        .choice("log.format", \.log.format, "One line for people or one JSON object a record."),
    ]
}
