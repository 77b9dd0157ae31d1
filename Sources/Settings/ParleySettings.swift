/// Every setting in force. The values here are the defaults; ranges and meaning of each stand in ``SettingsTable``.
package struct ParleySettings: Sendable, Equatable {
    package var server = Server()
    package var session = Session()
    package var audio = Audio()
    package var voiceDetection = VoiceDetection()
    package var echo = Echo()
    package var turns = Turns()
    package var recognizer = SpeechService<RecognizerEngine>(timeout: .milliseconds(8_000))
    package var languageModel = LanguageModel()
    package var synthesizer = SpeechService<SynthesizerEngine>(timeout: .milliseconds(10_000))
    package var turnDetector = TurnDetectorEngine.auto
    package var engines = EngineChoices.auto
    /// How often a scripted engine fails, 0...1.
    package var engineFailureRate = 0.0
    package var inference = Inference()
    package var agents = Agents()
    /// Nil: where the platform keeps a user's data.
    package var dataDirectory: String?
    /// Nil: calls are not recorded.
    package var recordDirectory: String?
    package var log = Log()
    /// Nil: Twilio's calls are not signed, and let in as others are.
    package var twilioKey: Secret<String>?

    package init() {}

    package struct Server: Sendable, Equatable {
        package var host = "127.0.0.1"
        /// 0 is any free one.
        package var port = 7350
        /// 0 is one a core.
        package var loops = 0
        package var path = "/v1/call"
        /// Tenant by key.
        package var keys = Secret<[String: String]>([:])
        package var allowsOpen = false
        package var origins: [String] = []
        package var hasPage = true
        /// Nil: others reach this server only by what they know of it.
        package var publicURL: String?
        package var maximumSessions = 400
        /// Zero for never refusing.
        package var overload = Duration.milliseconds(20)
        package var overloadPercent = 80
        /// 0 is no limit of its own.
        package var maximumSessionsPerTenant = 0
        package var handshake = Duration.milliseconds(5_000)
        package var drain = Duration.milliseconds(15_000)
        /// 0 is the port of the calls.
        package var adminPort = 0
    }

    package struct Session: Sendable, Equatable {
        package var grace = Duration.milliseconds(30_000)
        package var idle = Duration.milliseconds(60_000)
        package var maximum = Duration.seconds(60 * 60)
        package var lead = Duration.milliseconds(120)
        package var utteranceMaximum = Duration.milliseconds(30_000)
    }

    package struct Audio: Sendable, Equatable {
        package var outputApplication = OutputApplication.lowDelay
        /// Bits a second.
        package var outputBitrate = 48_000
        package var outputComplexity = 5
        package var outputFEC = false
        package var outputDTX = false
    }

    package struct VoiceDetection: Sendable, Equatable {
        package var engine = VoiceDetectorEngine.auto
        package var on = 0.5
        package var off = 0.35
    }

    package struct Echo: Sendable, Equatable {
        package var isGuarded = true
        package var longestDelay = Duration.milliseconds(1_000)
        package var doubleTalk = 4.0
    }

    package struct Turns: Sendable, Equatable {
        package var profile = TurnProfile.balanced
        package var minimumSpeech = Duration.milliseconds(160)
        package var prefix = Duration.milliseconds(300)
        /// Nil: the profile's.
        package var silence: Duration?
        package var endOfTurnThreshold = 0.5
        package var endOfTurnAsks: [Duration] = [130, 300, 600].map { .milliseconds($0) }
        /// Nil: the profile's.
        package var minimumSilence: Duration?
        /// Nil: the profile's.
        package var maximumSilence: Duration?
        /// Nil: the profile's.
        package var doubtfulSilence: Duration?
        /// Nil: the profile's.
        package var likely: Double?
        /// Nil: the profile's.
        package var unlikely: Double?
        package var hold = Duration.milliseconds(64)
        package var holdSure = 0.7
        package var goingOn = Duration.milliseconds(300)
        package var wordAsks: [Duration] = [256, 512, 800].map { .milliseconds($0) }
        package var wordLimit = Duration.milliseconds(400)
        package var contentVoiced = Duration.milliseconds(320)
        package var sureWords = 0.6
        package var bargeIn = Duration.milliseconds(400)
        package var holdLimit = Duration.milliseconds(1_200)
        package var falseStarts = 3
        package var echoTail = Duration.milliseconds(400)
        package var resumeAfter = Duration.milliseconds(300)
        package var ending = Duration.milliseconds(300)
        package var idlePrompts = 2
        /// Zero for never.
        package var filler = Duration.milliseconds(1_500)
    }

    /// An engine for speech in one direction. Nil leaves a field to the engine.
    package struct SpeechService<Engine: EngineChoice>: Sendable, Equatable {
        package var engine: Engine = .auto
        package var url: String?
        package var key: Secret<String>?
        package var model: String?
        package var voice: String?
        package var timeout: Duration
    }

    /// Nil leaves a field to the engine.
    package struct LanguageModel: Sendable, Equatable {
        package var engine = LanguageModelEngine.auto
        package var url: String?
        package var key: Secret<String>?
        package var model: String?
        package var temperature: Double?
        package var maximumTokens = 300
        package var connect = Duration.milliseconds(2_000)
        package var firstToken = Duration.milliseconds(5_000)
        package var idle = Duration.milliseconds(5_000)
        package var total = Duration.milliseconds(30_000)
        package var retries = 1
    }

    package struct Inference: Sendable, Equatable {
        /// 0 is one a core.
        package var threads = 0
        package var queue = 64
    }

    package struct Agents: Sendable, Equatable {
        package var directory = "Prompts"
        package var standard = "customer-service.en"
    }

    package struct Log: Sendable, Equatable {
        package enum Level: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }
        package enum Format: String, CaseIterable, Sendable { case text, json }

        package var level = Level.info
        package var format = Format.text
    }
}

/// A choice of engine that can be left to Parley.
package protocol EngineChoice: RawRepresentable, CaseIterable, Sendable, Equatable where RawValue == String {
    static var auto: Self { get }
}

package enum VoiceDetectorEngine: String, EngineChoice { case auto, silero, energy }
package enum RecognizerEngine: String, EngineChoice { case auto, moonshine, openai, none }
package enum LanguageModelEngine: String, EngineChoice { case auto, answers, llama, openai, ollama, anthropic }
package enum SynthesizerEngine: String, EngineChoice { case auto, piper, openai, none }
package enum TurnDetectorEngine: String, EngineChoice {
    case auto
    case smartTurn = "smart-turn"
    case none
}
/// Which engines answer.
package enum EngineChoices: String, CaseIterable, Sendable {
    /// Those that the settings of each say.
    case auto
    /// For load tests: end of turn, recognition and speech of fixed latency and with ready-made answers.
    case scripted
}
/// What the agent's Opus encoder is made for.
package enum OutputApplication: String, CaseIterable, Sendable {
    /// CELT alone: a third of the work. From 48 kbit/s on it sounds as the other does at 32.
    case lowDelay = "lowdelay"
    /// SILK, and above 8 kHz CELT: better at low rates.
    case voip
}
package enum TurnProfile: String, CaseIterable, Sendable { case eager, balanced, patient }
