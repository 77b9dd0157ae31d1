package import Engines
package import NIOCore
internal import OpusCodec

/// Windows of the sessions on one event loop that wait to be judged together, which takes a detector less time than one after the other. Confined to its
/// loop.
///
/// A window waits for as many others as the detector takes at once, or for the end of the loop's turn, whichever comes first: some packets long at most,
/// and with a single caller not at all.
package final class VoiceRound {
    /// Where the packets of all sessions on the loop are decoded to.
    let space = DecodingSpace()
    private let maker: any VoiceDetectorMaker
    private let loop: any EventLoop
    private var waiting: [Waiting] = []
    /// Empty; memory for the next ones that wait.
    private var spare: [Waiting] = []
    private var detectors: [any VoiceDetector] = []
    private var windows: [Float]
    private var probabilities: [Float]
    private var isScheduled = false
    /// Made once, so that a turn of the loop allocates nothing.
    private var atEndOfTurn: (@Sendable () -> Void)?

    private struct Waiting {
        let session: Session
        let ear: Ear
    }

    /// - Parameter loop: The caller is on it.
    package init(_ maker: any VoiceDetectorMaker, loop: any EventLoop) {
        (self.maker, self.loop) = (maker, loop)
        windows = [Float](repeating: 0, count: maker.streamsTogether * VoiceDetection.windowSamples)
        probabilities = [Float](repeating: 0, count: maker.streamsTogether)
        waiting.reserveCapacity(maker.streamsTogether)
        spare.reserveCapacity(maker.streamsTogether)
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
    func add(_ session: Session, _ ear: Ear) {
        // One that could not wait and was judged alone is still here.
        guard !waiting.contains(where: { $0.ear === ear }) else { return }
        waiting.append(Waiting(session: session, ear: ear))
        guard waiting.count < maker.streamsTogether else { return judge() }
        guard !isScheduled, let atEndOfTurn else { return }
        isScheduled = true
        loop.execute(atEndOfTurn)
    }

    private func judge() {
        if waiting.contains(where: { !$0.ear.isWaiting }) { waiting.removeAll { !$0.ear.isWaiting } }
        guard !waiting.isEmpty else { return }
        let size = VoiceDetection.windowSamples
        for place in waiting.indices {
            let ear = waiting[place].ear
            let window = ear.window
            var into = windows.mutableSpan
            for offset in window.indices { into[place * size + offset] = window[offset] }
            detectors.append(ear.detector)
        }
        maker.judge(windows.span.extracting(0..<detectors.count * size), by: detectors, into: &probabilities)
        detectors.removeAll(keepingCapacity: true)
        // Taken out, since whoever is told may come back with its next window.
        var told = spare
        spare = []
        swap(&waiting, &told)
        for place in told.indices { told[place].session.judged(probabilities[place]) }
        told.removeAll(keepingCapacity: true)
        spare = told
    }
}

private struct WeakRound {
    weak var round: VoiceRound?
}
