import Audio
import Testing
import Turns

@testable import Sessions

struct EchoGuardTests {
    private static let color = SIMD8<Float>(-6, -3, 0, 2, 0, -2, -4, -6)
    private static func gain(_ decibels: Float) -> SIMD8<Float> { color + decibels }
    private static func share(_ windows: some Sequence<(isVoiced: Bool, left: Float)>) -> Float {
        let voiced = windows.filter(\.isVoiced)
        return voiced.isEmpty ? 0 : Float(voiced.count { $0.left >= 0.35 }) / Float(voiced.count)
    }
    /// In which windows a voice gate as the server sets it tells of speech.
    private static func speech(_ windows: [(isVoiced: Bool, left: Float)]) -> [Int] {
        var gate = VoiceGate(VoiceGate.Settings(minimumSpeech: .milliseconds(160)))
        return windows.indices.filter { index in
            let end = Instant(.milliseconds(32 * (index + 1)))
            if case .voiced = gate.handle(probability: windows[index].left, length: .milliseconds(32), endingAt: end) { return true }
            return false
        }
    }

    @Test(arguments: [2, 15, 45, 98], [Float(0), Float(-12), Float(-22)]) func anEchoIsNotTheCaller(delay: Int, gain: Float) {
        var bench = EchoBench()
        let voice = EchoBench.voice(800, seed: 3)
        bench.play(Array(voice.prefix(400)))
        _ = bench.hear([EchoBench.echo(voice, delay: delay, gain: Self.gain(gain))], frames: 0)
        var windows: [(isVoiced: Bool, left: Float)] = []
        let echo = EchoBench.echo(voice, delay: delay, gain: Self.gain(gain))
        windows += bench.hear([echo], frames: 390)
        bench.play(Array(voice[390...]))
        windows += bench.hear([Array(echo.dropFirst(390))], frames: 400)
        #expect(windows.count { $0.isVoiced } > 40)
        #expect(Self.speech(windows).filter { $0 > 70 }.isEmpty)
        let known = bench.guardian.known
        #expect(known.map { (delay - 2...delay + 2).contains(Int($0.delay / BandLevels.frame)) } == true)
        #expect(known.map { abs($0.coupling - gain + 2.4) < 4 } == true)
    }

    @Test(arguments: [(Float(12), 9), (Float(9), 8)]) func aCallerOverTheEchoIsHeardSoon(ratio: Float, least: Int) {
        var soon = 0
        for seed in 20..<30 as Range<UInt64> {
            var bench = EchoBench()
            let voice = EchoBench.voice(600, seed: seed)
            let echo = EchoBench.echo(voice, delay: 22, gain: Self.gain(-12))
            bench.play(Array(voice.prefix(450)))
            _ = bench.hear([echo], frames: 360)
            let caller = EchoBench.voice(90, seed: seed + 100, level: -47 + ratio)
            let windows = bench.hear([Array(echo.dropFirst(360)), caller], frames: 90)
            // A hold comes with the fifth window at the soonest.
            if let first = Self.speech(windows).first, first <= 14 { soon += 1 }
        }
        #expect(soon >= least)
    }

    @Test func withAHeadsetNothingIsTakenAway() {
        for seed in 40..<50 as Range<UInt64> {
            var bench = EchoBench()
            bench.play(EchoBench.voice(490, seed: seed))
            _ = bench.hear([], frames: 300)
            let windows = bench.hear([EchoBench.voice(60, seed: seed + 100)], frames: 60)
            #expect(Self.share(windows) > 0.85, "seed \(seed)")
        }
    }

    @Test func aDelayThatJumpsIsLearntAgain() {
        var bench = EchoBench()
        let voice = EchoBench.voice(900, seed: 5)
        bench.play(Array(voice.prefix(450)))
        _ = bench.hear([EchoBench.echo(voice, delay: 12, gain: Self.gain(-10))], frames: 440)
        bench.play(Array(voice[440..<890]))
        let later = EchoBench.echo(voice, delay: 55, gain: Self.gain(-10))
        let windows = bench.hear([Array(later.dropFirst(440))], frames: 440)
        #expect(Self.speech(windows).filter { $0 > 90 }.isEmpty)
        #expect(bench.guardian.known.map { (53...57).contains(Int($0.delay / BandLevels.frame)) } == true)
    }

    @Test func theTailAfterAFlushIsStillEcho() {
        var bench = EchoBench()
        let voice = EchoBench.voice(480, seed: 7)
        let echo = EchoBench.echo(voice, delay: 40, gain: Self.gain(-10))
        bench.play(voice)
        _ = bench.hear([echo], frames: 400)
        bench.guardian.stops(at: BandLevels.frame * bench.now)
        // What was on its way, 400 ms of it, is still heard.
        let windows = bench.hear([Array(echo[400..<440])], frames: 40)
        #expect(Self.share(windows) <= 0.1)
    }

    @Test func whileTheAgentIsSilentNothingIsMeasuredOrChanged() {
        var bench = EchoBench()
        #expect(!bench.guardian.isAwake)
        let windows = bench.hear([EchoBench.voice(300, seed: 9)], frames: 300)
        #expect(windows.allSatisfy { $0.left == ($0.isVoiced ? 0.95 : 0.05) })
        bench.play(EchoBench.voice(100, seed: 10))
        #expect(bench.guardian.isAwake)
        _ = bench.hear([], frames: 100 + 100 + 30)
        #expect(!bench.guardian.isAwake)
        #expect(bench.guardian.excess == nil)
    }

    @Test func silenceThatIsPlayedWakesNothing() {
        var bench = EchoBench()
        bench.play([SIMD8<Float>](repeating: SIMD8(repeating: -100), count: 50))
        #expect(!bench.guardian.isAwake)
    }

    @Test func nothingThatIsHeardOrPlayedBreaksIt() {
        let odd: [Float] = [.nan, .infinity, -.infinity, 0, -1000, 1000, -40, -20, .greatestFiniteMagnitude]
        for seed in 1...8 as ClosedRange<UInt64> {
            var noise = SeededNoise(seed)
            func draw(_ count: Int) -> Int { Int(noise.next() * Float(count)) }
            func levels() -> SIMD8<Float> {
                var levels = SIMD8<Float>.zero
                for band in 0..<8 { levels[band] = odd[draw(odd.count)] }
                return levels
            }
            var guardian = EchoGuard(EchoSettings(longestDelay: .milliseconds(draw(2000)), doubleTalk: odd[draw(odd.count)]))
            var now = Duration.zero
            for _ in 0..<700 {
                switch draw(8) {
                case 0:
                    let frames = (0..<draw(40)).map { _ in BandLevels(decibels: levels()) }
                    let sounds = now + .milliseconds(draw(4000) - 1500)
                    guardian.plays(frames[...], sounds: sounds, now: now)
                case 1: if draw(10) == 0 { guardian.stops(at: now) }
                case 2: now += .milliseconds(draw(50) == 0 ? draw(20_000_000) : draw(40))
                case 3:
                    let probability = [0, 0.3, 0.95, .nan, .infinity][draw(5)] as Float
                    let left = guardian.judge(probability)
                    #expect(left.isNaN == probability.isNaN && !(left > probability))
                default:
                    guardian.hears(levels(), now: now)
                    now += .milliseconds(10)
                }
                if let known = guardian.known { #expect(known.coupling.isFinite) }
                if let excess = guardian.excess { #expect(excess.isFinite) }
            }
        }
    }
}
