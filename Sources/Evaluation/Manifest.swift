/// The table of a folder of recordings: tab-separated, columns by name in the first line. Needed are `id`, `file` and `category`; read
/// are also `labels`, `onset_s`, `offset_s`, `onset/offset_spread_ms`, `lang` and `transcript`.
package struct Manifest: Sendable {
    package struct Row: Sendable, Equatable {
        package var id: String
        package var category: String
        /// Paths from the manifest's folder; no labels is nil.
        package var file: String
        package var labels: String?
        package var onset, offset, onsetSpread, offsetSpread: Duration?
        /// What is said, where that is known and in another language than English.
        package var foreignWords: String?
    }

    package let rows: [Row]

    /// - Throws: ``EvaluationError/Code/badManifest``, naming the column or line.
    package init(_ text: String) throws(EvaluationError) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        guard let head = lines.first else { throw EvaluationError(.badManifest, "it is empty") }
        func column(_ name: String) throws(EvaluationError) -> Int {
            guard let index = head.firstIndex(of: name) else { throw EvaluationError(.badManifest, "there is no column \(name)") }
            return index
        }
        let (id, file, category) = (try column("id"), try column("file"), try column("category"))
        let (labels, onset, offset) = (head.firstIndex(of: "labels"), head.firstIndex(of: "onset_s"), head.firstIndex(of: "offset_s"))
        let (language, transcript) = (head.firstIndex(of: "lang"), head.firstIndex(of: "transcript"))
        let spread = head.firstIndex(of: "onset/offset_spread_ms")
        var rows: [Row] = []
        for (number, line) in lines.enumerated().dropFirst() {
            guard line.count == head.count else {
                throw EvaluationError(.badManifest, "line \(number + 1) has \(line.count) columns instead of \(head.count)")
            }
            func field(_ index: Int?) -> String? { index.flatMap { line[$0].isEmpty ? nil : line[$0] } }
            let spreads = field(spread)?.split(separator: "/").map { Int($0).map { Duration.milliseconds($0) } }
            rows.append(
                Row(
                    id: line[id], category: line[category], file: line[file], labels: field(labels),
                    onset: field(onset).flatMap(Self.seconds), offset: field(offset).flatMap(Self.seconds),
                    onsetSpread: spreads?.count == 2 ? spreads?[0] : nil, offsetSpread: spreads?.count == 2 ? spreads?[1] : nil,
                    foreignWords: ["en", "-", nil].contains(field(language)) ? nil : field(transcript)))
        }
        self.rows = rows
    }

    /// The labels of one clip: start, end, name, without a head.
    ///
    /// - Throws: ``EvaluationError/Code/badManifest``, naming the line.
    package static func labels(_ text: String) throws(EvaluationError) -> [Clip.Label] {
        var labels: [Clip.Label] = []
        for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3, let start = seconds(fields[0]), let end = seconds(fields[1]), start <= end else {
                throw EvaluationError(.badManifest, "line \(number + 1) of the labels is not start, end, name")
            }
            labels.append(Clip.Label(start..<end, fields[2]))
        }
        return labels
    }

    private static func seconds(_ text: some StringProtocol) -> Duration? {
        guard let value = Double(String(text)), value.isFinite, (0..<1e6).contains(value) else { return nil }
        return .microseconds(Int((value * 1e6).rounded()))
    }
}
