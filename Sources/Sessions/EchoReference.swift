internal import Audio

/// What the agent plays, as levels on the server's clock: one place for each 10 ms, some seconds back and ahead.
///
/// What was not played is silence. Places are numbered from the session's begin. Holds memory from the first frame that is put until it is released.
struct EchoReference {
    /// Places that are kept; a power of two.
    static let size = 512
    /// The least level that counts, and the level from which a band is heard, in dBFS.
    static let floor: Float = -70
    static let heard: Float = -55

    private var levels: [SIMD8<Float>] = []
    /// The same with the decay of a small room and without its slow mean, as it is compared with the microphone, and its energy.
    private var shapes: [SIMD8<Float>] = []
    private var energies: [Float] = []
    private var decaying = SIMD8<Float>(repeating: floor)
    private var mean = SIMD8<Float>.zero
    /// Places before this one hold this round's levels or silence.
    private var written = 0
    /// Places before this one have their shapes.
    private var shaped = 0
    /// The last place at which the agent was heard; nil for never.
    private(set) var lastHeard: Int?
    /// In how many places the agent was heard.
    private(set) var heardPlaces = 0

    /// The place of a time since the session's begin.
    static func place(_ time: Duration) -> Int { Int(time / BandLevels.frame) }

    /// Decibels a place by which a small room's sound falls.
    private static let decay: Float = 2
    static let meanShare: Float = 1 / 30

    /// Gives back the memory: all that was played is silence from now on.
    mutating func release() { (levels, shapes, energies) = ([], [], []) }

    private mutating func prepareMemory() {
        guard levels.isEmpty else { return }
        levels = [SIMD8<Float>](repeating: SIMD8(repeating: Self.floor), count: Self.size)
        shapes = [SIMD8<Float>](repeating: .zero, count: Self.size)
        energies = [Float](repeating: 0, count: Self.size)
    }

    /// Puts one frame at its place. What is too old to matter or too far ahead to be kept is left out.
    mutating func put(_ frame: BandLevels, at place: Int) {
        prepareMemory()
        guard place >= 0, place < written + Self.size, place > written - Self.size / 2 else {
            guard place >= written + Self.size else { return }
            clear(upTo: place)
            return put(frame, at: place)
        }
        clear(upTo: place + 1)
        let decibels = Self.clamped(frame.decibels)
        levels[place & (Self.size - 1)] = decibels
        shaped = min(shaped, place)
        guard Self.isHeard(decibels) else { return }
        lastHeard = max(lastHeard ?? place, place)
        heardPlaces += 1
    }

    /// Nothing is played from a place on.
    mutating func stop(at place: Int) {
        var next = levels.isEmpty ? written : max(place, written - Self.size / 2, 0)
        while next < written {
            levels[next & (Self.size - 1)] = SIMD8(repeating: Self.floor)
            next += 1
        }
        shaped = min(shaped, max(place, 0))
        if let last = lastHeard, last >= place { lastHeard = place - 1 }
    }

    /// Makes shapes ready up to and with a place.
    mutating func prepare(upTo place: Int) {
        prepareMemory()
        clear(upTo: place + 1)
        // After a long silence there is nothing to go through one by one.
        if place - shaped >= Self.size / 2 { (shaped, decaying, mean) = (place - Self.size / 2, SIMD8(repeating: Self.floor), .zero) }
        while shaped <= place {
            let index = shaped & (Self.size - 1)
            decaying = pointwiseMax(levels[index], decaying - Self.decay)
            let above = decaying - Self.floor
            mean += (above - mean) * Self.meanShare
            let shape = above - mean
            shapes[index] = shape
            energies[index] = (shape * shape).sum()
            shaped += 1
        }
    }

    /// The shape and its energy at a place that is ready; silence before the first.
    func shape(_ place: Int) -> SIMD8<Float> { place < 0 ? .zero : shapes[place & (Self.size - 1)] }
    func energy(_ place: Int) -> Float { place < 0 ? 0 : energies[place & (Self.size - 1)] }

    /// The level at a place, the loudest of it and its neighbours: a delay is not a whole number of places.
    func level(near place: Int) -> SIMD8<Float> { pointwiseMax(pointwiseMax(level(place - 1), level(place)), level(place + 1)) }

    func level(_ place: Int) -> SIMD8<Float> {
        place < 0 || place >= written || place < written - Self.size ? SIMD8(repeating: Self.floor) : levels[place & (Self.size - 1)]
    }

    private mutating func clear(upTo place: Int) {
        guard place > written else { return }
        written = max(written, place - Self.size)
        while written < place {
            levels[written & (Self.size - 1)] = SIMD8(repeating: Self.floor)
            written += 1
        }
    }

    private static func clamped(_ decibels: SIMD8<Float>) -> SIMD8<Float> { pointwiseMax(decibels, SIMD8(repeating: floor)) }

    private static func isHeard(_ decibels: SIMD8<Float>) -> Bool {
        var bands = 0
        for band in 0..<8 where decibels[band] > heard { bands += 1 }
        return bands >= 2
    }
}
