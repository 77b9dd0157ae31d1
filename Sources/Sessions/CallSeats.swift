/// Who holds a place among the calls: connections that were admitted, and sessions, which may wait for a lost connection. A session and its
/// connection count as one call. Every question is answered from counts that are kept, however many calls there are.
struct CallSeats {
    struct Load: Equatable {
        /// Calls, those that wait for a lost connection included.
        var calls = 0
        /// How many of them wait.
        var waiting = 0
    }

    private struct Place {
        let tenant: String
        var session: String?
    }

    private struct Seat {
        let tenant: String
        var places: Set<UInt64> = []
    }

    private var places: [UInt64: Place] = [:]
    private var seats: [String: Seat] = [:]
    private var all = Load()
    private var byTenant: [String: Load] = [:]

    /// - Parameter tenant: Nil for all.
    func load(of tenant: String? = nil) -> Load {
        guard let tenant else { return all }
        return byTenant[tenant] ?? Load()
    }

    /// A connection is let in.
    mutating func admit(_ place: UInt64, tenant: String) {
        guard places.updateValue(Place(tenant: tenant), forKey: place) == nil else { return }
        count(tenant, calls: 1)
    }

    /// A connection is gone; its session waits for another.
    mutating func leave(_ place: UInt64) {
        guard let left = places.removeValue(forKey: place) else { return }
        guard let session = left.session else { return count(left.tenant, calls: -1) }
        seats[session]?.places.remove(place)
        if let seat = seats[session], seat.places.isEmpty { count(seat.tenant, waiting: 1) }
    }

    /// A session begins; it waits until a connection takes its seat.
    mutating func begin(_ session: String, tenant: String) {
        guard seats.updateValue(Seat(tenant: tenant), forKey: session) == nil else { return }
        count(tenant, calls: 1, waiting: 1)
    }

    /// A connection is a session's from now on. One that is gone, or of a session that is over, changes nothing.
    mutating func sit(_ place: UInt64, in session: String) {
        guard let known = places[place], known.session == nil, let seat = seats[session] else { return }
        places[place]?.session = session
        seats[session]?.places.insert(place)
        count(known.tenant, calls: -1)
        if seat.places.isEmpty { count(seat.tenant, waiting: -1) }
    }

    /// A session is over; connections that it still has keep their places until they are gone.
    mutating func end(_ session: String) {
        guard let seat = seats.removeValue(forKey: session) else { return }
        count(seat.tenant, calls: -1, waiting: seat.places.isEmpty ? -1 : 0)
        for place in seat.places {
            places[place]?.session = nil
            count(seat.tenant, calls: 1)
        }
    }

    private mutating func count(_ tenant: String, calls: Int = 0, waiting: Int = 0) {
        all.calls += calls
        all.waiting += waiting
        byTenant[tenant, default: Load()].calls += calls
        byTenant[tenant]?.waiting += waiting
        if byTenant[tenant] == Load() { byTenant[tenant] = nil }
    }
}
