import CSpeech
package import Engines
import Foundation
import Synchronization

/// One loaded model. Any number of threads may run it at once; a run uses the thread that asks for it and no other.
package final class OnnxModel: Sendable {
    /// The file it was read from.
    package let path: String
    /// In the model's order, which is the order ``run(_:stop:)`` takes tensors in.
    package let inputNames: [String]
    /// In the model's order, which is the order ``run(_:stop:)`` gives tensors in.
    package let outputNames: [String]
    let runtime: OnnxRuntime
    // Sendable: set once, and the library allows runs of one session from many threads.
    private nonisolated(unsafe) let handle: OpaquePointer

    private init(path: String, runtime: OnnxRuntime, handle: OpaquePointer) {
        (self.path, self.runtime, self.handle) = (path, runtime, handle)
        inputNames = (0..<ort_input_count(handle)).map { String(cString: ort_input_name(handle, $0)) }
        outputNames = (0..<ort_output_count(handle)).map { String(cString: ort_output_name(handle, $0)) }
    }

    deinit { ort_unload(handle) }

    /// Reads a model of format `.onnx` or `.ort`; takes up to some hundred milliseconds, so not for an event loop.
    ///
    /// - Parameter isLean: Trades some 10 % of speed for less memory kept between runs.
    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it is no model.
    package static func load(_ path: String, runtime: OnnxRuntime, isLean: Bool = false) throws(EngineError) -> OnnxModel {
        guard FileManager.default.isReadableFile(atPath: path) else { throw EngineError(.unavailable, "\(path): cannot be read") }
        var message = OnnxMessage()
        let handle = withExtendedLifetime(runtime) { ort_load(runtime.handle, path, isLean, &message.bytes, message.bytes.count) }
        guard let handle else { throw EngineError(.failed, "\(path): \(message.text)") }
        return OnnxModel(path: path, runtime: runtime, handle: handle)
    }

    /// Runs the model once on the calling thread, which it blocks.
    ///
    /// - Parameters:
    ///   - inputs: As many as ``inputNames``, in that order; they are not changed.
    ///   - stop: Ends the run from another thread.
    /// - Returns: As many as ``outputNames``, in that order.
    /// - Throws: `CancellationError` when stopped; ``EngineError``, naming the file: `engine.bad_request` for a wrong number of inputs,
    ///   `engine.failed` for anything the runtime refuses.
    package func run(_ inputs: [OnnxTensor], stop: OnnxStop? = nil) throws -> [OnnxTensor] {
        guard inputs.count == inputNames.count else {
            throw EngineError(.badRequest, "\(path): takes \(inputNames.count) inputs, not \(inputs.count)")
        }
        var message = OnnxMessage()
        var values: [OpaquePointer?] = []
        values.reserveCapacity(inputs.count)
        var borrowed: [OpaquePointer] = []
        defer { for value in borrowed { ort_release(runtime.handle, value) } }
        for (tensor, name) in zip(inputs, inputNames) {
            guard let (value, isBorrowed) = tensor.value(in: runtime, message: &message) else {
                throw EngineError(.failed, "\(path): input \(name): \(message.text)")
            }
            values.append(value)
            if isBorrowed { borrowed.append(value) }
        }
        var outputs = [OpaquePointer?](repeating: nil, count: outputNames.count)
        let isDone = withExtendedLifetime((self, inputs, stop)) {
            ort_run(handle, values, &outputs, stop?.handle, &message.bytes, message.bytes.count)
        }
        if !isDone {
            if stop?.isStopped == true { throw CancellationError() }
            throw EngineError(.failed, "\(path): \(message.text)")
        }
        // Every output is wrapped before the first failure is thrown: a wrapped one releases itself.
        let made = outputs.map { output in output.map { OnnxTensor(producing: $0, by: self) } }
        return try zip(made, outputNames).map { tensor, name in
            guard let tensor else { throw EngineError(.badAnswer, "\(path): output \(name) is missing") }
            if let problem = tensor.problem { throw EngineError(.badAnswer, "\(path): output \(name): \(problem)") }
            return tensor
        }
    }
}

/// Ends runs from another thread. For one run or several after each other; once stopped it stays stopped.
package final class OnnxStop: Sendable {
    private let runtime: OnnxRuntime
    private let stopped = Atomic(false)
    // Sendable: set once; the library allows its flag to be set while a run looks at it.
    nonisolated(unsafe) let handle: OpaquePointer

    /// - Throws: ``EngineError`` `engine.failed`, naming the library.
    package init(runtime: OnnxRuntime) throws(EngineError) {
        var message = OnnxMessage()
        guard let handle = ort_stop_create(runtime.handle, &message.bytes, message.bytes.count) else {
            throw EngineError(.failed, "\(runtime.path): \(message.text)")
        }
        (self.runtime, self.handle) = (runtime, handle)
    }

    deinit { ort_stop_release(runtime.handle, handle) }

    package var isStopped: Bool { stopped.load(ordering: .acquiring) }

    /// Ends the runs that were given this handle, at their next operator. From any thread, any number of times.
    package func stop() {
        stopped.store(true, ordering: .releasing)
        withExtendedLifetime(self) { ort_stop_now(runtime.handle, handle) }
    }
}
