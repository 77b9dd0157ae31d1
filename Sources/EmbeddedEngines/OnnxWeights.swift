package import Engines
import Foundation

/// The tensors that a small `.onnx` file carries, read without a runtime.
package struct OnnxWeights: Sendable {
    private struct Tensor {
        var shape: [Int] = []
        var type = 0
        var name = ""
        var bytes: Range<Int> = 0..<0
    }

    /// The file it was read from.
    package let path: String
    private let content: [UInt8]
    private let tensors: [String: Tensor]

    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read or is larger than 64 MB, `engine.failed` when
    ///   it is no `.onnx` file.
    package init(path: String) throws(EngineError) {
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        guard let size, size <= 64 << 20, let data = FileManager.default.contents(atPath: path) else {
            throw EngineError(.unavailable, "\(path): cannot be read, or is too large for weights")
        }
        self.path = path
        content = Array(data)
        do throws(ProtobufError) {
            tensors = try Self.tensors(of: content)
        } catch {
            throw EngineError(.failed, "\(path): is no ONNX file")
        }
        if tensors.isEmpty { throw EngineError(.failed, "\(path): holds no weights") }
    }

    /// The numbers of one tensor, slowest dimension first.
    ///
    /// - Throws: ``EngineError`` `engine.failed`, naming the file and the tensor, when there is none of this name, shape and type.
    package func floats(_ name: String, shape: [Int]) throws(EngineError) -> [Float] {
        guard let tensor = tensors[name] else { throw EngineError(.failed, "\(path): holds no \(name)") }
        let count = shape.reduce(1, *)
        guard tensor.type == 1, tensor.shape == shape, tensor.bytes.count == count * 4 else {
            throw EngineError(.failed, "\(path): \(name) has the shape \(tensor.shape), not \(shape), or holds no floats")
        }
        return content[tensor.bytes].withUnsafeBytes { bytes in
            [Float](unsafeUninitializedCapacity: count) { floats, filled in
                UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
                filled = count
            }
        }
    }

    // Fields of the format, by number.
    private static let graph = 7
    private static let graphTensor = 5
    private enum TensorField {
        static let dimension = 1
        static let type = 2
        static let floats = 4
        static let name = 8
        static let bytes = 9
    }

    private static func tensors(of content: [UInt8]) throws(ProtobufError) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        var model = ProtobufReader(content, content.indices)
        while let (field, value) = try model.next() {
            guard field == graph, case .bytes(let range) = value else { continue }
            var graph = ProtobufReader(content, range)
            while let (field, value) = try graph.next() {
                guard field == graphTensor, case .bytes(let range) = value else { continue }
                let tensor = try tensor(in: content, range)
                tensors[tensor.name] = tensor
            }
        }
        return tensors
    }

    private static func tensor(in content: [UInt8], _ range: Range<Int>) throws(ProtobufError) -> Tensor {
        var tensor = Tensor()
        var reader = ProtobufReader(content, range)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (TensorField.dimension, .number(let number)): tensor.shape.append(Int(truncatingIfNeeded: number))
            case (TensorField.dimension, .bytes(let packed)):
                var numbers = ProtobufReader(content, packed)
                while !numbers.isAtEnd { tensor.shape.append(Int(truncatingIfNeeded: try numbers.number())) }
            case (TensorField.type, .number(let number)): tensor.type = Int(truncatingIfNeeded: number)
            case (TensorField.name, .bytes(let name)): tensor.name = String(decoding: content[name], as: UTF8.self)
            case (TensorField.bytes, .bytes(let bytes)), (TensorField.floats, .bytes(let bytes)): tensor.bytes = bytes
            default: break
            }
        }
        return tensor
    }
}
