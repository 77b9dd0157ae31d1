/// Which clips make which scenes.
package struct ScenePlan: Sendable {
    package var composer: SceneComposer

    package init(seed: UInt64 = 1) { composer = SceneComposer(seed: seed) }

    package static let endOfTurn = ["hesitation", "asr-nonnative", "digit-string", "asr-en", "conversation", "voices", "command"]
    package static let bargeIn = ["command", "short-word", "asr-en", "asr-zh"]
    package static let falseInterruption = ["noise", "vocal-nonspeech", "echo-residual", "echo-mic", "backchannel"]
    package static let voice = ["vad", "voices"]
    /// Categories of clips that any scene is made of.
    package static let all = Set(endOfTurn + bargeIn + falseInterruption + voice)

    /// The scenes of the kinds that are asked for, in the clips' order.
    package func scenes(_ clips: [Clip], kinds: Set<Scene.Kind>) -> [Scene] {
        var scenes: [Scene] = []
        if kinds.contains(.endOfTurn) {
            scenes += clips.filter { Self.endOfTurn.contains($0.category) }.compactMap { composer.endOfTurn($0) }
        }
        if kinds.contains(.bargeIn) { scenes += clips.filter { Self.bargeIn.contains($0.category) }.compactMap { composer.bargeIn($0) } }
        if kinds.contains(.falseInterruption) {
            for clip in clips {
                switch clip.category {
                case "noise", "vocal-nonspeech", "echo-residual", "backchannel": scenes += [composer.falseInterruption(clip)].compactMap { $0 }
                case "echo-mic": scenes += [SceneComposer.echoAlone(of: clip).flatMap { composer.falseInterruption($0) }].compactMap { $0 }
                case "conversation": scenes += SceneComposer.backchannels(in: clip).compactMap { composer.falseInterruption($0) }
                default: break
                }
            }
        }
        return scenes
    }
}
