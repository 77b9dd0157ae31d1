/// Tells speech from everything else in one caller's audio. One instance is one stream and has one owner at a time.
package protocol VoiceDetector: AnyObject {
    /// How likely it is that the window holds speech, 0...1. Synchronous, allocates nothing.
    ///
    /// - Parameter window: Exactly ``VoiceDetection/windowSamples`` new samples of 16 kHz mono, -1...1, in stream order.
    func probability(of window: Span<Float>) -> Float
    /// What can be said of the next window without hearing it, 0...1; it then counts as heard. Nil where it has to be heard, alone or with those of
    /// other streams. Synchronous, allocates nothing.
    ///
    /// - Parameter window: As in ``probability(of:)``.
    func glance(at window: Span<Float>) -> Float?
    /// What would be said of windows to come that hold no voice, 0...1, where such windows may go by unheard for a while; nil where each is to be shown.
    var resting: Float? { get }
    /// Some windows have gone by unheard.
    ///
    /// - Parameter window: The last of them, as in ``probability(of:)``.
    func rested(through window: Span<Float>)
    /// Forgets the stream, as if nothing had been heard.
    func reset()
}

extension VoiceDetector {
    package func glance(at window: Span<Float>) -> Float? { nil }
    package var resting: Float? { nil }
    package func rested(through window: Span<Float>) {}

    /// What is said of the next window, heard only where it has to be.
    package func judge(_ window: Span<Float>) -> Float { glance(at: window) ?? probability(of: window) }
}

/// The form in which detectors take audio.
package enum VoiceDetection {
    /// Samples a window, all new: 32 ms.
    package static let windowSamples = 512
    /// Hertz.
    package static let sampleRate = 16_000
}

/// Makes detectors; one a process, shared by all sessions.
package protocol VoiceDetectorMaker: Sendable {
    /// For logs and the session's record, e.g. `silero-v6` or `energy`.
    var name: String { get }
    func makeDetector() -> any VoiceDetector
    /// How many streams ``judge(_:by:into:)`` takes for less than one after the other; 1 where it never does.
    var streamsTogether: Int { get }
    /// What ``VoiceDetector/probability(of:)`` says of one window of each of several streams, to within 1e-5. Synchronous, allocates nothing.
    ///
    /// - Parameters:
    ///   - windows: One window of each stream, one after the other.
    ///   - detectors: The streams, made by this maker, no two the same.
    ///   - probabilities: Takes 0...1 for each stream; room for as many as there are.
    func judge(_ windows: Span<Float>, by detectors: [any VoiceDetector], into probabilities: inout [Float])
}

extension VoiceDetectorMaker {
    package var streamsTogether: Int { 1 }

    package func judge(_ windows: Span<Float>, by detectors: [any VoiceDetector], into probabilities: inout [Float]) {
        for (place, detector) in detectors.enumerated() {
            let start = place * VoiceDetection.windowSamples
            probabilities[place] = detector.probability(of: windows.extracting(start..<start + VoiceDetection.windowSamples))
        }
    }
}
