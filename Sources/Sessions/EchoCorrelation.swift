/// How well what the microphone hears follows what the agent played, for each possible delay, over one length of memory.
struct EchoCorrelation {
    private var products: [Float]
    private var references: [Float]
    private var microphone: Float = 0
    private let keep: Float
    /// Energy that both must have before they can be alike: half a decibel in each band is nothing.
    private let least: Float

    /// - Parameters:
    ///   - delays: How many delays are looked at, a place apart, from none on.
    ///   - places: After how many places two thirds are forgotten.
    init(delays: Int, places: Float, least: Float) {
        products = [Float](repeating: 0, count: delays)
        references = products
        keep = 1 - 1 / places
        self.least = least
    }

    var delays: Int { products.count }

    mutating func forget() {
        for delay in products.indices { (products[delay], references[delay]) = (0, 0) }
        microphone = 0
    }

    mutating func add(_ delay: Int, product: Float, energy: Float) {
        products[delay] = products[delay] * keep + product
        references[delay] = references[delay] * keep + energy
    }

    mutating func add(energy: Float) { microphone = microphone * keep + energy }

    /// The correlation at one delay, -1...1.
    func value(_ delay: Int) -> Float { products[delay] / (references[delay] * microphone + least).squareRoot() }

    /// The delay with the largest correlation, and that.
    var best: (delay: Int, value: Float) {
        var best = (delay: 0, value: -Float.infinity)
        for delay in products.indices {
            // Square roots only for what may win.
            let product = products[delay]
            guard product > 0, best.value < 0 || product * product > best.value * best.value * (references[delay] * microphone + least) else {
                continue
            }
            best = (delay, value(delay))
        }
        return best.value < 0 ? (0, 0) : best
    }

    /// The largest correlation within two places of a delay.
    func best(near delay: Int) -> Float {
        var best: Float = -1
        for near in max(0, delay - 2)...min(delays - 1, delay + 2) { best = max(best, value(near)) }
        return best
    }
}
