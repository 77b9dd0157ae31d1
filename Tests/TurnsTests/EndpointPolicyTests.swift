import Testing
import Turns

struct EndpointPolicyTests {
    @Test(arguments: [EndpointPolicy.eager, .balanced, .patient])
    func theWaitFallsSmoothlyFromMaximumToMinimum(_ policy: EndpointPolicy) {
        #expect(policy.wait(probability: 0) == policy.maximum)
        #expect(policy.wait(probability: 1) == policy.minimum)
        #expect(policy.wait(probability: nil) == policy.withoutModel)
        var last = policy.maximum
        for step in 0...1000 {
            let wait = policy.wait(probability: Float(step) / 1000)
            #expect(wait <= last)
            #expect(last - wait < .milliseconds(20), "a small change never jumps the wait")
            last = wait
        }
    }

    @Test func profilesAreOrdered() {
        for step in 0...10 {
            let probability = Float(step) / 10
            #expect(EndpointPolicy.eager.wait(probability: probability) <= EndpointPolicy.balanced.wait(probability: probability))
            #expect(EndpointPolicy.balanced.wait(probability: probability) <= EndpointPolicy.patient.wait(probability: probability))
        }
    }
}
