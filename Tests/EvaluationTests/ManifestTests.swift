import Evaluation
import Testing

@Suite
struct ManifestTests {
    private let head = "id\tfile\tcategory\tlang\tonset_s\toffset_s\tonset/offset_spread_ms\tlabels\ttranscript\n"

    @Test("columns are found by name, empty fields are nil") func rows() throws {
        let rows = try Manifest(head + "a\taudio/a.flac\tcommand\ten\t0.5\t2.25\t8/36\tlabels/a.tsv\thello\nb\tb.flac\tasr-zh\tzh\t\t\t\t\t你好\n").rows
        #expect(rows.count == 2)
        #expect(rows[0].onset == .milliseconds(500) && rows[0].offset == .milliseconds(2250) && rows[0].offsetSpread == .milliseconds(36))
        #expect(rows[0].onsetSpread == .milliseconds(8) && rows[1].onsetSpread == nil)
        #expect(rows[0].labels == "labels/a.tsv" && rows[0].foreignWords == nil)
        #expect(rows[1].onset == nil && rows[1].labels == nil && rows[1].foreignWords == "你好")
    }

    @Test("a manifest that lacks a column or a field is refused with its code", arguments: ["", "id\tfile\n", "id\tfile\tcategory\na\tb\n"])
    func refused(text: String) {
        #expect { try Manifest(text) } throws: { ($0 as? EvaluationError)?.code == .badManifest }
    }

    @Test("labels are start, end and name") func labels() throws {
        #expect(try Manifest.labels("0.100\t0.250\tspeech\n") == [Clip.Label(.milliseconds(100)..<(.milliseconds(250)), "speech")])
        for text in ["0.1\tspeech", "x\t1\tspeech", "2\t1\tspeech", "0\t1e9\tspeech", "0\tnan\tspeech"] {
            #expect(throws: EvaluationError.self, "\(text)") { try Manifest.labels(text) }
        }
    }

    @Test("speech reaches from the first label to the last where the manifest does not say") func speech() {
        let clip = SyntheticCalls.clip(loud: [100..<300, 500..<900], length: 1200)
        #expect(clip.speech == .milliseconds(100)..<(.milliseconds(900)))
        #expect(clip.hasSureOffset)
        var short = clip
        short.offset = .milliseconds(1190)
        #expect(!short.hasSureOffset)
        short.offset = .milliseconds(800)
        short.offsetSpread = .milliseconds(160)
        #expect(!short.hasSureOffset)
        #expect(short.hasSureOnset)
        short.onsetSpread = .milliseconds(101)
        #expect(!short.hasSureOnset)
        #expect(SceneComposer().bargeIn(short)?.hasSureOnset == false)
        #expect(SceneComposer().bargeIn(clip)?.hasSureOnset == true)
    }

    @Test("a short utterance alone is taken for a backchannel, one near other speech is not") func backchannels() {
        var clip = SyntheticCalls.clip("talk", category: "conversation", loud: [], length: 6000)
        func label(_ start: Int, _ end: Int, _ who: String) -> Clip.Label { .init(.milliseconds(start)..<(.milliseconds(end)), "spk:\(who)") }
        clip.labels = [label(500, 900, "A"), label(2000, 2500, "B"), label(2600, 5000, "A")]
        let pieces = SceneComposer.backchannels(in: clip)
        #expect(pieces.map(\.id) == ["talk@200"])
        #expect(pieces.first?.sound == .milliseconds(300)..<(.milliseconds(700)))
    }
}
