import Evaluation
import Testing

@Suite
struct ReportTests {
    @Test("the area under the curve is 1 for a perfect detector, 0 for a perverse one, a half for one that says the same to all")
    func area() {
        func score(_ speech: [Float], _ rest: [Float]) -> VoiceScore {
            var score = VoiceScore()
            for one in speech { score.note(one, isSpeech: true) }
            for one in rest { score.note(one, isSpeech: false) }
            return score
        }
        #expect(score([0.9, 0.8], [0.1, 0.2, 0.3]).area == 1)
        #expect(score([0.1, 0.2], [0.8, 0.9]).area == 0)
        #expect(score([0.5, 0.5], [0.5, 0.5, 0.5]).area == 0.5)
        #expect(score([0.9, 0.4], [0.6, 0.1]).area == 0.75)
        #expect(score([], [0.1]).area == nil)
        #expect(score([0.9, 0.4], [0.6, 0.1]).precision(at: 0.5) == 0.5)
        #expect(score([0.9, 0.4], [0.6, 0.1]).recall(at: 0.5) == 0.5)
    }

    @Test("a table has a column a policy, all rows equally wide") func table() throws {
        let scene = Scene(id: "a", kind: .endOfTurn, category: "command", samples: [], event: .zero..<Duration.seconds(1))
        var early = TurnTrace()
        early.note(.committed, at: .milliseconds(900))
        early.note(.committed, at: .milliseconds(1500))
        var late = TurnTrace()
        late.note(.committed, at: .milliseconds(1640))
        let lines = Report([scene], [try Policy("eager"), try Policy("agora")], [[early], [late]]).lines
        #expect(lines[0].split(separator: " ") == ["eager", "agora"])
        #expect(lines[2].split(separator: " ").suffix(4) == ["500", "ms", "640", "ms"])
        #expect(lines.contains { $0.hasPrefix("cut-ins") && $0.contains("100.0 %") && $0.hasSuffix("0.0 %") })
        #expect(Set(lines.filter { !$0.hasPrefix("end of turn") }.map(\.count)).count == 1)
    }

    @Test("times that are not known do not count as waits") func unsure() {
        var scene = Scene(id: "a", kind: .endOfTurn, category: "command", samples: [], event: .zero..<Duration.seconds(1))
        scene.hasSureEnd = false
        var trace = TurnTrace()
        trace.note(.committed, at: .milliseconds(1500))
        let score = EndOfTurnScore([scene], [trace])
        #expect(score.waits == 0 && score.wait(0.5) == nil && score.cutShort == 0)
        #expect(EndOfTurnScore([scene], [TurnTrace()]).unanswered == 1)
    }

    @Test("from an onset that is not sure no time is measured, but a miss counts") func unsureOnset() {
        var trace = TurnTrace()
        trace.note(.audible, at: .milliseconds(200))
        trace.note(.held, at: .milliseconds(3400))
        let scenes = [true, false].map { isSure in
            var scene = Scene(id: "a", kind: .bargeIn, category: "command", samples: [], event: .seconds(3)..<Duration.seconds(5), reply: "a")
            scene.hasSureOnset = isSure
            return scene
        }
        let both = InterruptionScore(scenes, [trace, trace])
        #expect(both.held(1) == .milliseconds(400) && both.missed == 1)
        let unsure = InterruptionScore([scenes[1]], [trace])
        #expect(unsure.held(1) == nil && unsure.heldByAnyLabel(1) == .milliseconds(400) && unsure.missed == 1)
    }

    @Test("a picture has a curve for several points, a dot for each, and no raw signs in its text") func picture() {
        let chart = Chart(
            title: "A < B", xAxis: "x", yAxis: "y",
            series: [.init(name: "curve", points: [(100, 5), (400, 2)]), .init(name: "dot", points: [(200, 3)])])
        let svg = chart.svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.components(of: "<polyline") == 1)
        #expect(svg.components(of: "<circle") == 5)
        #expect(svg.contains("A &lt; B"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
