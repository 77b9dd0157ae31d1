/// The way from the agent's voice to the caller's microphone, as far as it is known.
struct EchoPath: Sendable, Equatable {
    /// In places of 10 ms.
    var delay: Int
    /// By how many decibels the echo differs from what was sent, in each band.
    var coupling = SIMD8<Float>(repeating: -40)
    /// By how many decibels the room's tail falls in a place: 0.6 is a reverberation time of one second.
    var decay: Float = 0.8
    var tail = SIMD8<Float>(repeating: EchoReference.floor)
    /// Windows since it was found.
    var age = 0
    /// Windows in a row that were louder than expected and still like the agent: somebody turned it up.
    var loud = 0
}
