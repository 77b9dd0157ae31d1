import ArgumentParser
import Audio
import EmbeddedEngines
import Engines
import Evaluation
import Foundation
import Settings
import Synchronization

struct Eval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play labelled recordings to our turn-taking and to others' rules, in virtual time; print how they compare.",
        discussion: """
            The folder holds manifest.tsv (columns id, file and category; optional labels, onset_s, offset_s and onset/offset_spread_ms), \
            the audio files it names, and label files of lines start, end, name. The embedded engines must be installed ('parley models fetch').
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: "Folder with manifest.tsv.") var folder: String
    @Option(help: "Only clips of this category; may be given more than once.") var category: [String] = []
    @Option(help: "Only these scenes: end-of-turn, barge-in, false-interruption, vad; may be given more than once.") var scenes: [String] = []
    @Option(help: "Most clips of each category.") var limit = Int.max
    @Option(help: "Only clips whose place in the manifest is even or odd: to choose settings on one half and check them on the other.")
    var half: String?
    @Option(parsing: .upToNextOption, help: "Names of policies, or a profile with changes, e.g. balanced:minimum=250,likely=0.7.")
    var policies: [String] = Policy.standard
    @Option(help: "Write a picture of all policies' curves (curves.svg) into this folder; plays the curves' points as well.") var plot: String?
    @Option(help: "Draws moments and backgrounds.") var seed: UInt64 = 1
    @Option(help: "Look at the caller's words this often, in milliseconds; 0 for never.") var partials = 0
    @Option(help: "Only this clip; prints the timeline of our policies as well.") var clip: String?
    @Option(help: "Write what was known in each pause of the end-of-turn scenes into this file, and compare nothing.") var pauses: String?
    @Flag(help: "Print what each policy did in each scene.") var details = false
    @Flag(help: "Ask the engines again instead of taking answers that were kept.") var fresh = false

    func run() async throws {
        do { try await evaluate() } catch let failure as Failure { throw failure } catch { throw Failure(error) }
    }

    private func evaluate() async throws {
        let partials = partials > 0 ? Duration.milliseconds(partials) : nil
        let policies = try policies.map { try Policy($0, partials: partials) }
        let kinds = try chosenKinds()
        let clips = try load()
        let plan = ScenePlan(seed: seed)
        let all = plan.scenes(clips, kinds: kinds)
        let heard = scenes.isEmpty || scenes.contains("vad") ? clips.filter { ScenePlan.voice.contains($0.category) } : []
        guard !all.isEmpty || !heard.isEmpty else { throw EvaluationError(.noClips, "\(folder) has no recordings for these scenes") }

        let directory = try ModelStore.directory(
            setting: try options.load().settings.dataDirectory, environment: ProcessInfo.processInfo.environment)
        let cache = EvalCache(path: fresh ? nil : "\(directory)/evaluation-answers.tsv")
        let evaluation = Evaluation(engines: try engines(directory, cache), seed: seed)
        output("engines: \(evaluation.engines.voice.name), \(evaluation.engines.endOfTurn.name), \(evaluation.engines.recognizer.name)")
        output("taken to need: \(evaluation.latencies.text)")
        output("audio: Opus \(evaluation.bitrate / 1000) kbit/s, 16 kHz, packets of 20 ms; seed \(seed); \(clips.count) clips, \(all.count) scenes")
        output("a commit is ours once the words are there too; of the others it is the decision alone")

        if let pauses {
            let lines = try await evaluation.pauses(all.filter { $0.kind == .endOfTurn }).map(\.line)
            try cache.save()
            return try Data(
                (["id", "category", "since", "length", "after-end", "p", "cue", "size", "words"].joined(separator: "\t") + "\n"
                    + lines.map { $0 + "\n" }.joined()).utf8
            )
            .write(to: URL(filePath: pauses))
        }

        let begin = ContinuousClock.now
        let done = Mutex(0)
        let traces = try await evaluation.run(all, policies: policies, jobs: ProcessInfo.processInfo.activeProcessorCount) {
            let count = done.withLock { count in
                count += 1
                return count
            }
            if count.isMultiple(of: 50) { note("\(count) of \(all.count) scenes") }
        }
        note("\(cache.misses) questions were new; \(Int((ContinuousClock.now - begin) / .seconds(1))) s")
        try cache.save()

        if !all.isEmpty { for line in Report(all, policies, traces).lines { output(line) } }
        for category in ScenePlan.voice {
            let chosen = heard.filter { $0.category == category }
            guard !chosen.isEmpty else { continue }
            let score = try evaluation.voice(chosen)
            output(
                "\(category): \(chosen.count) clips, \(score.windows) windows, at 0.5 precision \(Report.number(score.precision(at: 0.5))), recall "
                    + "\(Report.number(score.recall(at: 0.5))), area under the ROC \(score.area.map { "\(($0 * 10_000).rounded() / 10_000)" } ?? "-")"
            )
        }
        if details || clip != nil { show(all, policies, traces) }
        if let plot {
            let picture = EvalPicture(evaluation: evaluation, scenes: all, partials: partials)
            for line in try await picture.draw(policies, traces, into: plot) { output(line) }
            try cache.save()
        }
    }

    private func chosenKinds() throws -> Set<Scene.Kind> {
        guard !scenes.isEmpty else { return Set(Scene.Kind.allCases) }
        for name in scenes where name != "vad" && Scene.Kind(rawValue: name) == nil {
            throw Failure("evaluation.bad_scene: there are no scenes \(name)")
        }
        return Set(scenes.compactMap { Scene.Kind(rawValue: $0) })
    }

    private func load() throws -> [Clip] {
        let manifest = try Manifest(try text("manifest.tsv"))
        var counts: [String: Int] = [:]
        var clips: [Clip] = []
        for (index, row) in manifest.rows.enumerated() where ScenePlan.all.contains(row.category) {
            let isPartner = category.contains("echo-mic") && ScenePlan.echoTrio.contains(row.category)
            guard category.isEmpty || category.contains(row.category) || isPartner else { continue }
            if let clip, clip != row.id { continue }
            if let half, (half == "odd") != !index.isMultiple(of: 2) { continue }
            counts[row.category, default: 0] += 1
            guard counts[row.category, default: 0] <= limit else { continue }
            clips.append(
                Clip(
                    id: row.id, category: row.category, audio: try AudioFiles.load("\(folder)/\(row.file)", sampleRate: Scene.sampleRate),
                    onset: row.onset, offset: row.offset, onsetSpread: row.onsetSpread, offsetSpread: row.offsetSpread,
                    labels: try row.labels.map { try Manifest.labels(try text($0)) } ?? [],
                    foreignWords: row.foreignWords))
        }
        return clips
    }

    private func text(_ file: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else {
            throw Failure("evaluation.missing: \(folder)/\(file) cannot be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private func engines(_ directory: String, _ cache: EvalCache) throws -> EvaluationEngines {
        let paths = ModelStore(catalog: try ModelCatalog.current(), directory: directory).paths
        let pool = InferencePool(width: ProcessInfo.processInfo.activeProcessorCount)
        let runtime = try OnnxRuntime.open(libraryPath: paths.runtimeLibrary())
        let model = try paths.recognizer()
        let recognizer = MoonshineRecognizer(
            model: try MoonshineModel(runtime: runtime, encoderPath: model.encoder, decoderPath: model.decoder, tokenizerPath: model.tokens),
            pool: pool)
        return EvaluationEngines(
            voice: try SileroDetectorMaker(modelPath: paths.voiceDetector()),
            endOfTurn: CachedEndOfTurn(
                engine: try SmartTurnDetector(modelPath: paths.endOfTurn(), runtime: runtime, pool: pool), cache: cache),
            recognizer: CachedRecognizer(engine: recognizer, search: MoonshineRecognizer.search, cache: cache))
    }

    private func show(_ scenes: [Scene], _ policies: [Policy], _ traces: [[TurnTrace]]) {
        for (policy, traces) in zip(policies, traces) {
            for (scene, trace) in zip(scenes, traces) {
                let event = "\(Report.ms(scene.event.lowerBound))...\(Report.ms(scene.event.upperBound))"
                let marks = trace.entries.map { "\(Report.ms($0.at)) \($0.mark)" }.joined(separator: ", ")
                if clip != nil { for line in trace.timeline { output(line) } }
                let looks = trace.looks.map { look in
                    "\(Report.ms(look.at)) '\(look.text)'" + (look.confidence.map { " \(Report.number(Double($0)))" } ?? "")
                }.joined(separator: ", ")
                output("\(policy.name)\t\(scene.kind.rawValue)\t\(scene.category)\t\(scene.id)\t\(event)\t\(marks)\t\(looks)")
            }
        }
    }

    /// A word on how far it is, beside the results.
    private func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
