internal import Audio

/// Which clips make which scenes.
package struct ScenePlan: Sendable {
    package var composer: SceneComposer

    package init(seed: UInt64 = 1) { composer = SceneComposer(seed: seed) }

    package static let endOfTurn = ["hesitation", "asr-nonnative", "digit-string", "asr-en", "conversation", "voices", "command"]
    package static let bargeIn = ["command", "short-word", "asr-en", "asr-zh"]
    package static let falseInterruption = ["noise", "vocal-nonspeech", "echo-residual", "echo-mic", "backchannel"]
    /// What the echo of the agent's voice is composed of: voices for the agent, and callers who speak over it.
    static let echoVoices = ["asr-en", "voices"]
    static let echoCallers = ["command", "short-word"]
    /// Recorded echo: what the microphone heard, what was played, who was really there. Their ids differ in what follows the last hyphen.
    package static let echoTrio = ["echo-mic", "echo-ref", "echo-near"]
    /// Categories of scenes that are composed; they are not part of the sums over all categories.
    package static let composed: Set = ["echo-sim", "echo-doubletalk", "echo-doubletalk-sim", "headset-sim"]
    package static let voice = ["vad", "voices"]
    /// Categories of clips that any scene is made of.
    package static let all = Set(endOfTurn + bargeIn + falseInterruption + voice + echoTrio)

    /// The scenes of the kinds that are asked for, in the clips' order.
    package func scenes(_ clips: [Clip], kinds: Set<Scene.Kind>) -> [Scene] {
        var scenes: [Scene] = []
        if kinds.contains(.endOfTurn) {
            scenes += clips.filter { Self.endOfTurn.contains($0.category) }.compactMap { composer.endOfTurn($0) }
        }
        let trios = Self.trios(clips)
        if kinds.contains(.bargeIn) {
            scenes += clips.filter { Self.bargeIn.contains($0.category) }.compactMap { composer.bargeIn($0) }
            scenes += trios.values.compactMap { composer.doubleTalk(mic: $0.mic, played: $0.played, near: $0.near) }.sorted { $0.id < $1.id }
        }
        if kinds.contains(.falseInterruption) {
            for clip in clips {
                switch clip.category {
                case "noise", "vocal-nonspeech", "backchannel": scenes += [composer.falseInterruption(clip)].compactMap { $0 }
                case "echo-residual": scenes += [composer.echoAlone(clip)].compactMap { $0 }
                case "echo-mic" where trios[clip.id] != nil:
                    guard let trio = trios[clip.id] else { continue }
                    scenes += [composer.echoAlone(mic: trio.mic, played: trio.played, near: trio.near)].compactMap { $0 }
                case "echo-mic": scenes += [SceneComposer.echoAlone(of: clip).flatMap { composer.echoAlone($0) }].compactMap { $0 }
                case "conversation": scenes += SceneComposer.backchannels(in: clip).compactMap { composer.falseInterruption($0) }
                default: break
                }
            }
        }
        return scenes + composedScenes(clips, kinds)
    }

    private func composedScenes(_ clips: [Clip], _ kinds: Set<Scene.Kind>) -> [Scene] {
        let voices = clips.filter { Self.echoVoices.contains($0.category) && $0.audio.duration >= .seconds(3) }
        guard !voices.isEmpty else { return [] }
        func agent(_ id: String, first: Clip? = nil) -> [Clip] {
            var generator = SeededGenerator(composer.seed, "agent:\(id)")
            var chosen = first.map { [$0] } ?? []
            while chosen.reduce(Duration.zero, { $0 + $1.audio.duration }) < .seconds(8) {
                chosen.append(voices[Int.random(in: voices.indices, using: &generator)])
            }
            return chosen
        }
        var scenes: [Scene] = []
        if kinds.contains(.falseInterruption) {
            for voice in voices { scenes += [composer.simulated(voice.id, agent: agent(voice.id, first: voice), caller: nil)].compactMap { $0 } }
        }
        guard kinds.contains(.bargeIn) else { return scenes }
        for caller in clips where Self.echoCallers.contains(caller.category) {
            for hasHeadset in [false, true] {
                let scene = composer.simulated(caller.id, agent: agent(caller.id), caller: caller, hasHeadset: hasHeadset)
                scenes += [scene].compactMap { $0 }
            }
        }
        return scenes
    }

    private static func trios(_ clips: [Clip]) -> [String: (mic: Clip, played: Clip, near: Clip)] {
        func base(_ clip: Clip) -> Substring { clip.id[..<(clip.id.lastIndex(of: "-") ?? clip.id.endIndex)] }
        var trios: [String: (mic: Clip, played: Clip, near: Clip)] = [:]
        for mic in clips where mic.category == "echo-mic" {
            guard let played = clips.first(where: { $0.category == "echo-ref" && base($0) == base(mic) }),
                let near = clips.first(where: { $0.category == "echo-near" && base($0) == base(mic) })
            else { continue }
            trios[mic.id] = (mic, played, near)
        }
        return trios
    }
}
