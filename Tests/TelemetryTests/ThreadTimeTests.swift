import Foundation
import Testing

@testable import Telemetry

struct ThreadTimeTests {
    @Test func runAndWaitedAreAdded() { #expect(ThreadTime.demanded("1500 250 3\n") == .nanoseconds(1750)) }

    @Test(arguments: ["", "1 2", "a b c", "-1 2 3", "1 -2 3", "1 2 3 4", "99999999999999999999 1 1"])
    func whatIsNotAsTheKernelWritesItTellsNothing(text: String) { #expect(ThreadTime.demanded(text) == nil) }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/thread-self/schedstat"), "needs Linux with schedstat"))
    func aThreadThatWorksIsSeenToWork() throws {
        let before = try #require(ThreadTime.demanded)
        var (number, rounds) = (UInt64(1), 0)
        while try #require(ThreadTime.demanded) - before < .milliseconds(2) {
            for _ in 0..<10_000 { number = number &* 6_364_136_223_846_793_005 &+ 1 }
            rounds += 1
            try #require(rounds < 1_000_000 && number != 0)
        }
    }
}
