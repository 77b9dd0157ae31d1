/// How the caller's microphone is guarded against the agent's own voice.
package struct EchoSettings: Sendable, Equatable {
    /// Whether echo is looked for.
    package var isOn: Bool
    /// The longest time from sending a sound to hearing it again: network both ways, the client's buffer, the room.
    package var longestDelay: Duration
    /// How much evidence lets a voice through over the echo, in natural logarithms of the odds; more makes the guard deafer and surer.
    package var doubleTalk: Float

    package init(isOn: Bool = true, longestDelay: Duration = .milliseconds(1000), doubleTalk: Float = 4) {
        (self.isOn, self.longestDelay, self.doubleTalk) = (isOn, longestDelay, doubleTalk)
    }
}
