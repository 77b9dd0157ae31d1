import Evaluation
import Sessions
import Testing
import Turns

@Suite
struct PolicyTests {
    private func plan(_ text: String) throws -> CallPlan? { if case .parley(let plan) = try Policy(text).kind { plan } else { nil } }

    @Test("a profile's settings can be changed by name") func changes() throws {
        let plan = try #require(try plan("balanced:minimum=220,sure=0.6,asks=150/400,interruption=480,on=0.6"))
        #expect(plan.turns.endpointing.minimum == .milliseconds(220) && plan.turns.endpointing.sure == 0.6)
        #expect(plan.turns.endpointing.asks == [.milliseconds(150), .milliseconds(400)])
        #expect(plan.turns.interruption == .milliseconds(480) && plan.gate.milestones == [.milliseconds(480)] && plan.gate.on == 0.6)
    }

    @Test("a scaled profile keeps its shape") func scaled() throws {
        let points = try Policy.scaled("eager")
        #expect(points.count == 6 && points.allSatisfy { $0.curve == "eager" })
        let plan = try #require(try plan("eager:scale=2"))
        #expect(plan.turns.endpointing.minimum == .milliseconds(440) && plan.turns.endpointing.maximum == .milliseconds(3200))
    }

    @Test(
        "what is no policy is refused with its code",
        arguments: [
            "", "nobody", "agora:on=0.3", "balanced:minimum", "balanced:minimum=-1", "balanced:colour=3", "balanced:asks=600/200", "eager:on=nan",
        ])
    func refused(text: String) {
        #expect { try Policy(text) } throws: { ($0 as? EvaluationError)?.code == .badPolicy }
    }
}
