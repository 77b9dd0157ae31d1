/// What callers' sounds do to the agent's replies.
package struct InterruptionScore: Sendable, Equatable {
    package struct Sound: Sendable, Equatable {
        package var id: String
        package var kind: Scene.Kind
        package var category: String
        package var length: Duration
        /// Whether the onset is known well enough to measure times from it.
        package var hasSureOnset: Bool
        /// From the labelled onset until the agent's sound stopped, and until it was given up for good; nil where it never was.
        package var held, flushed: Duration?
        /// From the labelled end of the sound until a held reply went on; nil where none was held then.
        package var resumed: Duration?
        package var wordsRepeated: Int
        package var wordsSkipped: Int
    }

    package private(set) var sounds: [Sound] = []
    /// Scenes in which no reply was playing when the sound began, because something before it had stopped it; they are not scored.
    package private(set) var void = 0
    package private(set) var heard: [TurnTrace.Heard] = []
    /// Speech shorter than this may pass.
    package static let leastSpeech = Duration.milliseconds(500)

    package init(_ scenes: [Scene], _ traces: [TurnTrace]) {
        for (scene, trace) in zip(scenes, traces) where scene.kind != .endOfTurn {
            let (start, end) = (scene.event.lowerBound, scene.event.upperBound)
            // A label may lie a little late.
            let from = start - .milliseconds(200)
            guard trace.isPlaying(at: from) else {
                void += 1
                continue
            }
            let flushed = trace.first(.flushed, from: from)
            let held = [trace.first(.held, from: from), flushed].compactMap { $0 }.min()
            let resumed = trace.times(.resumed).last.flatMap { resumed in
                trace.times(.held).last { $0 < resumed }.flatMap { $0 < end && resumed > end ? resumed - end : nil }
            }
            sounds.append(
                Sound(
                    id: scene.id, kind: scene.kind, category: scene.category, length: end - start, hasSureOnset: scene.hasSureOnset,
                    held: held.map { $0 - start }, flushed: flushed.map { $0 - start }, resumed: resumed, wordsRepeated: trace.wordsRepeated,
                    wordsSkipped: trace.wordsSkipped))
            if scene.kind == .bargeIn { heard += trace.heard }
        }
    }

    /// The score of some of its sounds; what was heard is left as it is.
    package func filtered(_ isIncluded: (Sound) -> Bool) -> InterruptionScore {
        var part = self
        part.sounds = sounds.filter(isIncluded)
        return part
    }

    package func categories(_ kind: Scene.Kind) -> [String] { Array(Set(sounds.filter { $0.kind == kind }.map(\.category))).sorted() }

    /// Of speech whose onset is sure.
    package func held(_ share: Double) -> Duration? { Quantiles(bargeIns.filter(\.hasSureOnset).compactMap(\.held))(share) }
    package func flushed(_ share: Double) -> Duration? { Quantiles(bargeIns.filter(\.hasSureOnset).compactMap(\.flushed))(share) }
    /// Of all speech.
    package func heldByAnyLabel(_ share: Double) -> Duration? { Quantiles(bargeIns.compactMap(\.held))(share) }
    package func resumed(_ share: Double) -> Duration? { Quantiles(falseOnes.compactMap(\.resumed))(share) }

    /// Of the speech that is long enough, the share that did not stop the agent for good, 0...1; nil without any.
    package var missed: Double? {
        let all = bargeIns.filter { $0.length >= Self.leastSpeech }
        return all.isEmpty ? nil : Double(all.count { $0.flushed == nil }) / Double(all.count)
    }

    /// Of the sounds that are no interruption, the share that cost a reply, and that only held it; nil without any.
    package var lost: Double? { share { $0.flushed != nil } }
    package var onlyHeld: Double? { share { $0.flushed == nil && $0.held != nil } }
    package var wordsRepeated: Int { falseOnes.map(\.wordsRepeated).max() ?? 0 }
    package var wordsSkipped: Int { falseOnes.map(\.wordsSkipped).max() ?? 0 }

    /// Of the interrupted replies, the share whose account is right within a word; nil without any.
    package var heardWithinOne: Double? {
        heard.isEmpty ? nil : Double(heard.count { abs($0.recorded - $0.played) <= 1 }) / Double(heard.count)
    }
    /// Words a reply that the account has too many, and that it lacks, on average.
    package var wordsTooMany: Double? { average { max(0, $0.recorded - $0.played) } }
    package var wordsMissing: Double? { average { max(0, $0.played - $0.recorded) } }

    package var sureOnsets: Int { bargeIns.count(where: \.hasSureOnset) }
    package var bargeIns: [Sound] { sounds.filter { $0.kind == .bargeIn } }
    private var falseOnes: [Sound] { sounds.filter { $0.kind == .falseInterruption } }

    private func share(_ isOne: (Sound) -> Bool) -> Double? {
        falseOnes.isEmpty ? nil : Double(falseOnes.count(where: isOne)) / Double(falseOnes.count)
    }
    private func average(_ value: (TurnTrace.Heard) -> Int) -> Double? {
        heard.isEmpty ? nil : Double(heard.reduce(0) { $0 + value($1) }) / Double(heard.count)
    }
}
