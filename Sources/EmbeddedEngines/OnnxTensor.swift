import CSpeech
package import Engines

/// A run of numbers in a shape. Immutable: it may be read and fed to any number of runs at once.
package final class OnnxTensor: Sendable {
    package enum Element: Sendable, Equatable { case float, int32, int64, bool, other(Int) }

    package let element: Element
    /// Slowest dimension first; empty for a single number.
    package let shape: [Int]
    /// Numbers in all.
    package let count: Int
    /// Why a tensor that a model produced cannot be used; nil for all others.
    let problem: String?
    // Sendable: the memory is written before the tensor is handed out, and never after.
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer?
    private let byteCount: Int
    // Sendable: set once; the library allows one value to be the input of many runs. nil when the tensor owns its memory.
    private nonisolated(unsafe) let produced: OpaquePointer?
    private let producer: OnnxModel?

    /// - Throws: ``EngineError`` `engine.bad_request` when the shape does not hold exactly these numbers.
    package convenience init(_ values: [Float], shape: [Int]) throws(EngineError) {
        try self.init(copying: values, element: .float, shape: shape)
    }

    /// - Throws: ``EngineError`` `engine.bad_request` when the shape does not hold exactly these numbers.
    package convenience init(_ values: [Int64], shape: [Int]) throws(EngineError) {
        try self.init(copying: values, element: .int64, shape: shape)
    }

    /// - Throws: ``EngineError`` `engine.bad_request` when the shape does not hold exactly these numbers.
    package convenience init(_ values: [Bool], shape: [Int]) throws(EngineError) {
        try self.init(copying: values, element: .bool, shape: shape)
    }

    private init<Value: BitwiseCopyable>(copying values: [Value], element: Element, shape: [Int]) throws(EngineError) {
        guard shape.count <= Int(ORT_MAXIMUM_RANK), let count = Self.product(shape), count == values.count else {
            throw EngineError(.badRequest, "a tensor of shape \(shape) does not hold \(values.count) numbers")
        }
        (self.element, self.shape, self.count) = (element, shape, count)
        byteCount = count * MemoryLayout<Value>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: 64)
        values.withUnsafeBytes { source in
            if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
        }
        (self.memory, produced, producer, problem) = (memory, nil, nil, nil)
    }

    /// Takes over a value that a run gave.
    init(producing value: OpaquePointer, by model: OnnxModel) {
        var message = OnnxMessage()
        var type: Int32 = 0
        var dimensions = [Int64](repeating: 0, count: Int(ORT_MAXIMUM_RANK))
        var rank = 0
        var data: UnsafeMutableRawPointer?
        let isRead = withExtendedLifetime(model) {
            ort_inspect(model.runtime.handle, value, &type, &dimensions, &rank, &data, &message.bytes, message.bytes.count)
        }
        let shape = isRead ? dimensions.prefix(rank).map { Int($0) } : []
        let count = isRead ? Self.product(shape) : nil
        (self.shape, self.count) = (shape, count ?? 0)
        element = Self.element(type)
        byteCount = 0
        problem = !isRead ? message.text : count == nil ? "a shape of \(shape)" : nil
        (memory, produced, producer) = (data, value, model)
    }

    deinit {
        if let produced, let producer {
            withExtendedLifetime(producer) { ort_release(producer.runtime.handle, produced) }
        } else {
            memory?.deallocate()
        }
    }

    /// Lends the numbers, slowest dimension first, for the time of the call.
    ///
    /// - Throws: ``EngineError`` `engine.bad_answer` when they are no floats; what `body` throws.
    package func withFloats<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) throws -> Result {
        try withElements(.float, body)
    }

    /// Lends the numbers, slowest dimension first, for the time of the call.
    ///
    /// - Throws: ``EngineError`` `engine.bad_answer` when they are no 64-bit integers; what `body` throws.
    package func withInt64s<Result>(_ body: (UnsafeBufferPointer<Int64>) throws -> Result) throws -> Result {
        try withElements(.int64, body)
    }

    /// A copy of the numbers.
    ///
    /// - Throws: ``EngineError`` `engine.bad_answer` when they are no floats.
    package func floats() throws -> [Float] { try withFloats { Array($0) } }

    /// The places of the largest numbers, largest first, and the natural logarithms of their softmax; for each run of the last dimension.
    ///
    /// - Parameter wanted: How many of each run, at least 1.
    /// - Throws: ``EngineError`` `engine.bad_answer` when they are no floats, or a run holds no number.
    package func largest(_ wanted: Int) throws -> [[(index: Int, logProbability: Float)]] {
        try withFloats { values in
            let length = shape.last ?? 1
            guard let start = values.baseAddress, length > 0, count > 0 else {
                throw EngineError(.badAnswer, "a tensor of shape \(shape) holds no number")
            }
            var indices = [Int](repeating: 0, count: wanted)
            var logProbabilities = [Float](repeating: 0, count: wanted)
            return try (0..<count / length).map { run in
                let found = pick_largest(start + run * length, length, wanted, &indices, &logProbabilities)
                guard found > 0 else { throw EngineError(.badAnswer, "a tensor of shape \(shape) holds no number") }
                return (0..<found).map { (indices[$0], logProbabilities[$0]) }
            }
        }
    }

    /// A tensor of these places of the slowest dimension, in this order; itself when that is all of them as they are.
    ///
    /// - Parameter rows: 0..<`shape[0]`, any number of times each.
    /// - Throws: ``EngineError``: `engine.bad_answer` when they are no floats, `engine.bad_request` for a place there is not.
    package func rows(_ rows: [Int]) throws -> OnnxTensor {
        guard let height = shape.first, rows.allSatisfy({ 0..<height ~= $0 }) else {
            throw EngineError(.badRequest, "a tensor of shape \(shape) has no rows \(rows)")
        }
        guard rows != Array(0..<height) else { return self }
        let size = count / max(1, height)
        let chosen = try withFloats { values in
            rows.flatMap { row in values[row * size..<(row + 1) * size] }
        }
        return try OnnxTensor(chosen, shape: [rows.count] + shape.dropFirst())
    }

    /// The library's value for a run; a borrowed one is released by the caller and lives no longer than this tensor.
    func value(in runtime: OnnxRuntime, message: inout OnnxMessage) -> (value: OpaquePointer, isBorrowed: Bool)? {
        if let produced { return (produced, false) }
        guard let memory else { return nil }
        let wrapped = ort_wrap(
            runtime.handle, Self.type(element), memory, byteCount, shape.map { Int64($0) }, shape.count, &message.bytes, message.bytes.count)
        return wrapped.map { ($0, true) }
    }

    private func withElements<Value, Result>(_ wanted: Element, _ body: (UnsafeBufferPointer<Value>) throws -> Result) throws -> Result {
        guard element == wanted else { throw EngineError(.badAnswer, "a tensor of \(element) where \(wanted) was expected") }
        return try withExtendedLifetime(self) {
            try body(UnsafeBufferPointer(start: memory?.assumingMemoryBound(to: Value.self), count: memory == nil ? 0 : count))
        }
    }

    private static func product(_ shape: [Int]) -> Int? {
        var product = 1
        for dimension in shape {
            let (next, isOver) = product.multipliedReportingOverflow(by: dimension)
            if dimension < 0 || isOver { return nil }
            product = next
        }
        return product
    }

    private static func element(_ type: Int32) -> Element {
        switch UInt32(bitPattern: type) {
        case ORT_FLOAT.rawValue: .float
        case ORT_INT32.rawValue: .int32
        case ORT_INT64.rawValue: .int64
        case ORT_BOOL.rawValue: .bool
        default: .other(Int(type))
        }
    }

    private static func type(_ element: Element) -> ort_type {
        switch element {
        case .float: ORT_FLOAT
        case .int32: ORT_INT32
        case .int64: ORT_INT64
        case .bool: ORT_BOOL
        case .other(let number): ort_type(UInt32(truncatingIfNeeded: number))
        }
    }
}
