/// Elementary functions in plain arithmetic: this target imports no C library. Relative error below 1e-12, not made for inner loops.
enum Elementary {
    static let ln10 = 2.302_585_092_994_045_7
    private static let ln2 = 0.693_147_180_559_945_3

    /// sin(πx), finite x.
    static func sinPi(_ x: Double) -> Double {
        var turn = x - 2 * (x / 2).rounded()  // -1...1
        if turn > 0.5 { turn = 1 - turn } else if turn < -0.5 { turn = -1 - turn }
        let angle = turn * Double.pi
        let square = angle * angle
        var (term, sum) = (angle, angle)
        for step in 1...11 {
            term *= -square / Double(2 * step * (2 * step + 1))
            sum += term
        }
        return sum
    }

    /// cos(πx), finite x.
    static func cosPi(_ x: Double) -> Double { sinPi(x + 0.5) }

    /// The natural logarithm; x positive and finite.
    static func log(_ x: Double) -> Double {
        var (mantissa, exponent) = (x.significand, Double(x.exponent))
        if mantissa > 1.414_213_562_373_095 { (mantissa, exponent) = (mantissa / 2, exponent + 1) }
        let ratio = (mantissa - 1) / (mantissa + 1)  // ln m = 2 artanh ratio, |ratio| < 0.172
        let square = ratio * ratio
        var (power, sum) = (ratio, 0.0)
        for odd in stride(from: 1.0, through: 19, by: 2) {
            sum += power / odd
            power *= square
        }
        return exponent * ln2 + 2 * sum
    }

    /// e to the power x, for |x| < 700.
    static func exp(_ x: Double) -> Double {
        let whole = (x / ln2).rounded()
        let rest = x - whole * ln2
        var (term, sum) = (1.0, 1.0)
        for step in 1...16 {
            term *= rest / Double(step)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
    }

    /// The modified Bessel function of the first kind and order 0.
    static func besselI0(_ x: Double) -> Double {
        let quarter = x * x / 4
        var (term, sum, step) = (1.0, 1.0, 1.0)
        while term > sum * 1e-13 {
            term *= quarter / (step * step)
            sum += term
            step += 1
        }
        return sum
    }
}
