import CSpeech
package import Engines

/// Silero's net, version 6, in the house's own C: 1.3 KB a caller, and some 7 to 13 microseconds a window.
package final class SileroDetectorMaker: VoiceDetectorMaker {
    /// How the net is computed; all give the same to within 1e-4, but for `avx2` and `vnni`, whose probabilities lie within 0.0005 of theirs on average.
    package enum Path: String, Sendable, CaseIterable {
        case portable, avx2, avx512, vnni

        /// Whether this machine can go it.
        package var isAvailable: Bool { silero_has_path(code) }
        /// Whether it computes in floats throughout.
        package var isExact: Bool { self == .portable || self == .avx512 }
        /// The fastest that this machine has.
        package static var best: Path { allCases.last { $0.isAvailable } ?? .portable }

        var code: silero_path {
            switch self {
            case .portable: SILERO_PORTABLE
            case .avx2: SILERO_AVX2
            case .avx512: SILERO_AVX512
            case .vnni: SILERO_VNNI
            }
        }
    }

    package let name = "silero-v6"
    package let path: Path
    // Sendable: written before it is handed out, and only read after.
    fileprivate nonisolated(unsafe) let model: OpaquePointer

    /// - Parameters:
    ///   - modelPath: `silero_vad_16k_op15.onnx`.
    ///   - path: nil for the fastest; a path that this machine lacks falls back to the portable one.
    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it holds another net.
    package init(modelPath: String, path: Path? = nil) throws(EngineError) {
        self.path = path.map { $0.isAvailable ? $0 : .portable } ?? .best
        let weights = try OnnxWeights(path: modelPath)
        func read(_ name: String, _ shape: Int...) throws(EngineError) -> [Float] { try weights.floats("model.\(name)", shape: shape) }
        let arrays = [
            try read("stft.forward_basis_buffer", 258, 1, 256),
            try read("encoder.0.reparam_conv.weight", 128, 129, 3), try read("encoder.0.reparam_conv.bias", 128),
            try read("encoder.1.reparam_conv.weight", 64, 128, 3), try read("encoder.1.reparam_conv.bias", 64),
            try read("encoder.2.reparam_conv.weight", 64, 64, 3), try read("encoder.2.reparam_conv.bias", 64),
            try read("encoder.3.reparam_conv.weight", 128, 64, 3), try read("encoder.3.reparam_conv.bias", 128),
            try read("decoder.rnn.weight_ih", 512, 128), try read("decoder.rnn.bias_ih", 512),
            try read("decoder.rnn.weight_hh", 512, 128), try read("decoder.rnn.bias_hh", 512),
            try read("decoder.decoder.2.weight", 1, 128, 1), try read("decoder.decoder.2.bias", 1),
        ]
        var isOtherNet = false
        guard let model = Self.model(of: arrays, &isOtherNet) else {
            throw EngineError(.failed, "\(modelPath): \(isOtherNet ? "holds another net than Silero 6 for 16 kHz" : "no memory for the net")")
        }
        self.model = model
    }

    deinit { silero_destroy(model) }

    package func makeDetector() -> any VoiceDetector { SileroDetector(maker: self) }

    package let streamsTogether = SILERO_TOGETHER

    package func judge(_ windows: Span<Float>, by detectors: [any VoiceDetector], into probabilities: inout [Float]) {
        let size = VoiceDetection.windowSamples
        let grouped = detectors.count / streamsTogether * streamsTogether
        for first in stride(from: 0, to: grouped, by: streamsTogether) {
            judgeGroup(windows.extracting(first * size..<(first + streamsTogether) * size), detectors, from: first, into: &probabilities)
        }
        // A group that is not whole takes longer than a stream or two by themselves.
        for place in grouped..<detectors.count {
            probabilities[place] = detectors[place].probability(of: windows.extracting(place * size..<(place + 1) * size))
        }
    }

    private func judgeGroup(_ windows: Span<Float>, _ detectors: [any VoiceDetector], from first: Int, into probabilities: inout [Float]) {
        // As many as are judged together: see `SILERO_TOGETHER`.
        let states = InlineArray<4, UnsafeMutablePointer<silero_state>> { place in
            guard let detector = detectors[first + place] as? SileroDetector else { preconditionFailure("a detector of another maker") }
            return detector.state
        }
        precondition(states.count == streamsTogether && first + streamsTogether <= probabilities.count, "a probability for each stream")
        windows.withUnsafeBufferPointer { windows in
            states.span.withUnsafeBufferPointer { states in
                probabilities.withUnsafeMutableBufferPointer { all in
                    guard let windows = windows.baseAddress, let states = states.baseAddress, let all = all.baseAddress else { return }
                    silero_steps(model, path.code, states, windows, all + first)
                }
            }
        }
        for place in first..<first + streamsTogether {
            if !probabilities[place].isFinite { probabilities[place] = 0 }
            (detectors[place] as? SileroDetector)?.gate.heard(probabilities[place])
        }
    }

    /// All tensors in one run of memory, in the order of the fields of `silero_weights`.
    private static func model(of arrays: [[Float]], _ isOtherNet: inout Bool) -> OpaquePointer? {
        let starts = arrays.reduce(into: [0]) { starts, array in starts.append((starts.last ?? 0) + array.count) }
        return arrays.flatMap { $0 }.withUnsafeBufferPointer { all -> OpaquePointer? in
            guard let base = all.baseAddress else { return nil }
            let at = starts.map { base + $0 }
            var weights = silero_weights(
                basis: at[0], conv1: at[1], bias1: at[2], conv2: at[3], bias2: at[4], conv3: at[5], bias3: at[6], conv4: at[7], bias4: at[8],
                input_weight: at[9], input_bias: at[10], hidden_weight: at[11], hidden_bias: at[12], final_weight: at[13], final_bias: at[14])
            return silero_create(&weights, &isOtherNet)
        }
    }
}

/// One caller's stream through Silero's net.
package final class SileroDetector: VoiceDetector {
    private let maker: SileroDetectorMaker
    /// Where it lies is known to the net while several streams are judged together.
    fileprivate let state: UnsafeMutablePointer<silero_state>
    fileprivate var gate = QuietGate()

    init(maker: SileroDetectorMaker) {
        self.maker = maker
        state = .allocate(capacity: 1)
        state.initialize(to: silero_state())
    }

    deinit { state.deallocate() }

    package func probability(of window: Span<Float>) -> Float {
        precondition(window.count == VoiceDetection.windowSamples, "a window has \(VoiceDetection.windowSamples) samples")
        return window.withUnsafeBufferPointer { samples in
            guard let start = samples.baseAddress else { return 0 }
            let said = silero_step(maker.model, maker.path.code, state, start)
            let probability = said.isFinite ? said : 0
            gate.heard(probability)
            return probability
        }
    }

    package func glance(at window: Span<Float>) -> Float? {
        precondition(window.count == VoiceDetection.windowSamples, "a window has \(VoiceDetection.windowSamples) samples")
        guard let known = gate.spares(window) else { return nil }
        pass(window)
        return known
    }

    package var resting: Float? { gate.resting }

    package func rested(through window: Span<Float>) {
        precondition(window.count == VoiceDetection.windowSamples, "a window has \(VoiceDetection.windowSamples) samples")
        gate.rested()
        pass(window)
    }

    private func pass(_ window: Span<Float>) {
        window.withUnsafeBufferPointer { samples in
            if let start = samples.baseAddress { silero_pass(state, start) }
        }
    }

    package func reset() {
        state.pointee = silero_state()
        gate = QuietGate()
    }
}
