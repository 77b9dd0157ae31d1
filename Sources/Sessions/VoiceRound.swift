package import Engines
package import NIOCore

/// Windows of the sessions on one event loop that wait to be judged together, which takes a detector less time than one after the other. Confined to its
/// loop.
///
/// A window waits for as many others as the detector takes at once, or for the end of the loop's turn, whichever comes first: some packets long at most,
/// and with a single caller not at all.
package final class VoiceRound {
    private let maker: any VoiceDetectorMaker
    private let loop: any EventLoop
    private var sessions: [Session] = []
    private var judged: [Session] = []
    private var detectors: [any VoiceDetector] = []
    private var windows: [Float]
    private var probabilities: [Float]
    private var isScheduled = false
    /// Made once, so that a turn of the loop allocates nothing.
    private var atEndOfTurn: (@Sendable () -> Void)?

    /// - Parameter loop: The caller is on it.
    package init(_ maker: any VoiceDetectorMaker, loop: any EventLoop) {
        (self.maker, self.loop) = (maker, loop)
        windows = [Float](repeating: 0, count: maker.streamsTogether * VoiceDetection.windowSamples)
        probabilities = [Float](repeating: 0, count: maker.streamsTogether)
        sessions.reserveCapacity(maker.streamsTogether)
        judged.reserveCapacity(maker.streamsTogether)
        detectors.reserveCapacity(maker.streamsTogether)
        let bound = NIOLoopBound(WeakRound(round: self), eventLoop: loop)
        atEndOfTurn = {
            guard let round = bound.value.round else { return }
            round.isScheduled = false
            round.judge()
        }
    }

    /// Whether windows are worth waiting for one another.
    var isOfUse: Bool { maker.streamsTogether > 1 }

    /// Takes in a session whose ear waits.
    func add(_ session: Session) {
        // One that could not wait and was judged alone is still here.
        guard !sessions.contains(where: { $0 === session }) else { return }
        sessions.append(session)
        guard sessions.count < maker.streamsTogether else { return judge() }
        guard !isScheduled, let atEndOfTurn else { return }
        isScheduled = true
        loop.execute(atEndOfTurn)
    }

    private func judge() {
        for session in sessions where session.ear.value.isWaiting {
            let (ear, start) = (session.ear.value, detectors.count * VoiceDetection.windowSamples)
            let window = ear.window
            var into = windows.mutableSpan
            for offset in window.indices { into[start + offset] = window[offset] }
            detectors.append(ear.detector)
            judged.append(session)
        }
        sessions.removeAll(keepingCapacity: true)
        guard !judged.isEmpty else { return }
        maker.judge(windows.span.extracting(0..<detectors.count * VoiceDetection.windowSamples), by: detectors, into: &probabilities)
        detectors.removeAll(keepingCapacity: true)
        for (place, session) in judged.enumerated() { session.judged(probabilities[place]) }
        judged.removeAll(keepingCapacity: true)
    }
}

private struct WeakRound {
    weak var round: VoiceRound?
}
