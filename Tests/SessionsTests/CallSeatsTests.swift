import Audio
import Testing

@testable import Sessions

struct CallSeatsTests {
    private func load(_ calls: Int, _ waiting: Int) -> CallSeats.Load { CallSeats.Load(calls: calls, waiting: waiting) }

    @Test func aSessionAndItsConnectionAreOneCall() {
        var seats = CallSeats()
        seats.admit(1, tenant: "a")
        #expect(seats.load() == load(1, 0))
        seats.begin("s", tenant: "a")
        seats.sit(1, in: "s")
        #expect(seats.load() == load(1, 0) && seats.load(of: "a") == load(1, 0) && seats.load(of: "b") == load(0, 0))
        seats.leave(1)
        #expect(seats.load() == load(1, 1) && seats.load(of: "a") == load(1, 1))
        seats.admit(2, tenant: "a")
        #expect(seats.load() == load(2, 1))
        seats.sit(2, in: "s")
        #expect(seats.load() == load(1, 0))
        seats.end("s")
        #expect(seats.load() == load(1, 0))
        seats.leave(2)
        #expect(seats.load() == load(0, 0) && seats.load(of: "a") == load(0, 0))
    }

    @Test func aConnectionThatIsGoneBeforeItsSessionBeginsTakesNoSeat() {
        var seats = CallSeats()
        seats.admit(1, tenant: "a")
        seats.leave(1)
        seats.begin("s", tenant: "a")
        seats.sit(1, in: "s")
        #expect(seats.load() == load(1, 1))
        seats.end("s")
        #expect(seats.load() == load(0, 0))
    }

    @Test func aConnectionThatTakesOverLeavesTheOldOneToEnd() {
        var seats = CallSeats()
        for place in [UInt64(1), 2] { seats.admit(place, tenant: "a") }
        seats.begin("s", tenant: "a")
        seats.sit(1, in: "s")
        seats.sit(2, in: "s")
        #expect(seats.load() == load(1, 0))
        seats.leave(1)
        #expect(seats.load() == load(1, 0))
        seats.leave(2)
        #expect(seats.load() == load(1, 1))
    }

    @Test func whateverHappensTheCountsAreThoseOfCountingAnew() {
        var generator = SeededGenerator(7)
        var seats = CallSeats()
        var (places, sessions): ([UInt64: (tenant: String, session: String?)], [String: String]) = ([:], [:])
        for step in UInt64(0)..<20_000 {
            let tenant = ["a", "b", "c"].randomElement(using: &generator) ?? "a"
            switch Int.random(in: 0..<5, using: &generator) {
            case 0:
                seats.admit(step, tenant: tenant)
                places[step] = (tenant, nil)
            case 1:
                guard let place = places.keys.sorted().randomElement(using: &generator) else { continue }
                seats.leave(place)
                places[place] = nil
            case 2:
                seats.begin("\(step)", tenant: tenant)
                sessions["\(step)"] = tenant
            case 3:
                guard let place = places.keys.sorted().randomElement(using: &generator),
                    let session = sessions.filter({ $0.value == places[place]?.tenant }).keys.sorted().randomElement(using: &generator)
                else { continue }
                seats.sit(place, in: session)
                if places[place]?.session == nil { places[place]?.session = session }
            default:
                guard let session = sessions.keys.sorted().randomElement(using: &generator) else { continue }
                seats.end(session)
                sessions[session] = nil
                for place in places.keys where places[place]?.session == session { places[place]?.session = nil }
            }
            for tenant in ["a", "b", "c", nil] {
                let mine = sessions.filter { tenant == nil || $0.value == tenant }
                let opening = places.values.count { $0.session == nil && (tenant == nil || $0.tenant == tenant) }
                let seated = Set(places.values.compactMap(\.session))
                #expect(seats.load(of: tenant) == load(mine.count + opening, mine.keys.count { !seated.contains($0) }))
            }
        }
    }
}
