import Evaluation
import Sessions
import Testing
import Turns

@Suite
struct PolicyTests {
    private func plan(_ text: String) throws -> CallPlan? { if case .parley(let plan) = try Policy(text).kind { plan } else { nil } }

    @Test("a profile's settings can be changed by name") func changes() throws {
        let plan = try #require(try plan("balanced:minimum=220,likely=0.6,asks=150/400,interruption=480,on=0.6"))
        #expect(plan.turns.endpointing.minimum == .milliseconds(220) && plan.turns.endpointing.likely == 0.6)
        #expect(plan.turns.endpointing.asks == [.milliseconds(150), .milliseconds(400)])
        #expect(plan.turns.interruption == .milliseconds(480) && plan.gate.milestones.contains(.milliseconds(480)) && plan.gate.on == 0.6)
    }

    @Test("how a sound over the agent is judged can be changed by name") func interruptions() throws {
        let plan = try #require(
            try plan(
                "balanced:hold=96,strong=0.9,words=200/400,wordlimit=300,wordless=600,content=400,surewords=0.5,holdlimit=900,starts=2,ending=0"))
        #expect(plan.turns.hold == .milliseconds(96) && plan.gate.likely == .milliseconds(96) && plan.gate.strong == 0.9)
        #expect(plan.turns.wordAsks == [.milliseconds(200), .milliseconds(400)] && plan.turns.wordLimit == .milliseconds(300))
        #expect(plan.turns.wordless == .milliseconds(600) && plan.turns.contentVoiced == .milliseconds(400) && plan.turns.sureWords == 0.5)
        #expect(plan.turns.holdLimit == .milliseconds(900) && plan.turns.falseStarts == 2 && plan.turns.ending == .zero)
        #expect(plan.gate.milestones == [200, 320, 400, 600].map { .milliseconds($0) })
    }

    @Test("a scaled profile keeps its shape") func scaled() throws {
        let points = try Policy.swept("eager", .silence)
        #expect(points.count == 6 && points.allSatisfy { $0.curve == "eager" })
        let plan = try #require(try plan("eager:scale=2"))
        #expect(plan.turns.endpointing.minimum == .milliseconds(400) && plan.turns.endpointing.maximum == .milliseconds(2800))
    }

    @Test("each sweep moves its own times only", arguments: ["agora", "pipecat", "livekit", "balanced"]) func sweeps(name: String) throws {
        for sweep in Policy.Sweep.allCases { #expect(try Policy.swept(name, sweep).map(\.curve) == Array(repeating: name, count: 6)) }
        let plain = try #require(try plan("balanced")).turns, voice = try #require(try plan("balanced:voice=2")).turns
        #expect(voice.contentVoiced == plain.contentVoiced * 2 && voice.hold == plain.hold * 2 && voice.endpointing == plain.endpointing)
    }

    @Test(
        "what is no policy is refused with its code",
        arguments: [
            "", "nobody", "agora:on=0.3", "agora:scale=0", "livekit:scale", "balanced:minimum", "balanced:minimum=-1", "balanced:colour=3",
            "balanced:asks=600/200", "eager:on=nan",
        ])
    func refused(text: String) {
        #expect { try Policy(text) } throws: { ($0 as? EvaluationError)?.code == .badPolicy }
    }
}
