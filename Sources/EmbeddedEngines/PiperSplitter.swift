import Foundation

/// Cuts a Piper voice into text to latent and latent to sound, so that speech can be synthesised piece by piece.
///
/// Both halves share the voice's operators and names; each keeps only the nodes and weights that lead to its own output.
struct PiperSplitter {
    /// The tensor between the halves, of shape [1, 192, frames].
    static let cut = "/Mul_7_output_0"
    private static let width = 192
    /// Sub-graphs nested deeper than this are malformed.
    private static let deepest = 8

    // Field numbers of ONNX's messages.
    private enum Model { static let graph = 7 }
    private enum Graph { static let (node, name, initializer, input, output) = (1, 2, 5, 11, 12) }
    private enum Node { static let (input, output, attribute) = (1, 2, 5) }
    private enum Attribute { static let (graph, graphs) = (6, 11) }
    private enum Tensor { static let name = 8 }
    private enum Value { static let name = 1 }

    private struct Operation {
        let whole: Range<Int>
        /// Also what its sub-graphs take from outside.
        var inputs: [String] = []
        var outputs: [String] = []
    }

    private let data: Data
    private var header: [Range<Int>] = []
    private var graphName: [Range<Int>] = []
    private var operations: [Operation] = []
    private var weights: [(name: String, whole: Range<Int>)] = []
    private var inputs: [Range<Int>] = []
    private var outputs: [Range<Int>] = []
    private var outputName: String?

    /// Reads a voice and writes its halves, replacing what lies there.
    ///
    /// The voice is mapped, not loaded, and must not change meanwhile. It takes a fraction of a second.
    /// - Throws: `models.bad_voice` if the file is no ONNX model or has no tensor ``cut``, `models.file_failed`, `models.no_space`.
    @concurrent static func split(voice: String, encoder: String, decoder: String) async throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: voice), options: .alwaysMapped)
        } catch {
            throw ModelError(.fileFailed, "cannot read \(voice)")
        }
        let splitter = try PiperSplitter(data)
        guard let output = splitter.outputName, splitter.operations.contains(where: { $0.outputs.contains(cut) }) else {
            throw ModelError(.badVoice, "\(voice) has no tensor \(cut); only Piper voices of the usual build can be cut")
        }
        let latent = valueInfo(cut)
        try splitter.write(encoder, leadingTo: cut, from: nil, inputs: splitter.inputs.map { Piece.range($0) }, outputs: [latent])
        try splitter.write(decoder, leadingTo: output, from: cut, inputs: [latent], outputs: splitter.outputs.map { Piece.range($0) })
    }

    private init(_ data: Data) throws(ModelError) {
        self.data = data
        var graphs: [Range<Int>] = []
        for field in try ProtobufFields.fields(data, 0..<data.count) {
            if field.number == Model.graph { graphs.append(field.body) } else { header.append(field.whole) }
        }
        guard graphs.count == 1 else { throw ProtobufFields.malformed }
        for field in try ProtobufFields.fields(data, graphs[0]) {
            switch field.number {
            case Graph.node: operations.append(try operation(field))
            case Graph.name: graphName.append(field.whole)
            case Graph.initializer:
                guard let name = try text(Tensor.name, in: field.body) else { throw ProtobufFields.malformed }
                weights.append((name, field.whole))
            case Graph.input: inputs.append(field.whole)
            case Graph.output:
                if outputName == nil { outputName = try text(Value.name, in: field.body) }
                outputs.append(field.whole)
            default: break  // shapes of inner tensors and notes, which nobody needs
            }
        }
    }

    private func operation(_ field: ProtobufFields.Field, depth: Int = 0) throws(ModelError) -> Operation {
        guard depth < Self.deepest else { throw ProtobufFields.malformed }
        var operation = Operation(whole: field.whole)
        for part in try ProtobufFields.fields(data, field.body) {
            switch part.number {
            case Node.input: operation.inputs.append(text(part.body))
            case Node.output: operation.outputs.append(text(part.body))
            case Node.attribute:
                for value in try ProtobufFields.fields(data, part.body) where [Attribute.graph, Attribute.graphs].contains(value.number) {
                    for inner in try ProtobufFields.fields(data, value.body) where inner.number == Graph.node {
                        operation.inputs += try self.operation(inner, depth: depth + 1).inputs
                    }
                }
            default: break
            }
        }
        return operation
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: data[range], as: UTF8.self) }

    private func text(_ number: Int, in message: Range<Int>) throws(ModelError) -> String? {
        var reader = ProtobufFields(data, message)
        while let field = try reader.next() { if field.number == number { return text(field.body) } }
        return nil
    }

    /// Bytes of the voice, or bytes made here.
    private enum Piece {
        case range(Range<Int>)
        case bytes([UInt8])

        var count: Int {
            switch self {
            case .range(let range): range.count
            case .bytes(let bytes): bytes.count
            }
        }
    }

    private func write(_ path: String, leadingTo target: String, from start: String?, inputs: [Piece], outputs: [Piece]) throws(ModelError) {
        let (needed, names) = needs(target, from: start)
        var graph = needed.sorted().map { Piece.range(operations[$0].whole) } + graphName.map { .range($0) }
        graph += weights.filter { names.contains($0.name) }.map { .range($0.whole) }
        graph += inputs.map { Self.tagged(Graph.input, $0) } + outputs.map { Self.tagged(Graph.output, $0) }
        let size = graph.reduce(0) { $0 + $1.count }
        let all = header.map { Piece.range($0) } + [.bytes(Self.varint(Model.graph << 3 | 2) + Self.varint(size))] + graph

        let file = try DataFile(creating: path)
        var small: [UInt8] = []
        for piece in all {
            if case .bytes(let bytes) = piece {
                small += bytes
            } else if case .range(let range) = piece, range.count < 4096 {
                small += data[range]
            } else if case .range(let range) = piece {
                try file.write(small.span.bytes)
                small.removeAll(keepingCapacity: true)
                try file.write(data.bytes.extracting(range))
            }
        }
        try file.write(small.span.bytes)
    }

    /// The operations on the way to a tensor, and every name they read.
    private func needs(_ target: String, from start: String?) -> (operations: Set<Int>, names: Set<String>) {
        var producers: [String: Int] = [:]
        for (index, operation) in operations.enumerated() { for output in operation.outputs { producers[output] = index } }
        let constants = Set(weights.map(\.name))
        var (needed, names, open) = (Set<Int>(), Set<String>(), [target])
        while let name = open.popLast() {
            guard !name.isEmpty, name != start, names.insert(name).inserted, !constants.contains(name) else { continue }
            if let index = producers[name], needed.insert(index).inserted { open += operations[index].inputs }
        }
        return (needed, names)
    }

    /// A piece as a field of the graph; a range of the voice is one already.
    private static func tagged(_ number: Int, _ piece: Piece) -> Piece {
        if case .bytes(let bytes) = piece { .bytes(field(number, bytes)) } else { piece }
    }

    /// A `ValueInfoProto`: floats of shape [1, 192, T].
    private static func valueInfo(_ name: String) -> Piece {
        let dimensions: [[UInt8]] = [[8] + varint(1), [8] + varint(width), field(2, Array("T".utf8))]
        let type = field(1, [8, 1] + field(2, dimensions.flatMap { field(1, $0) }))
        return .bytes(field(1, Array(name.utf8)) + field(2, type))
    }

    private static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] { varint(number << 3 | 2) + varint(bytes.count) + bytes }

    private static func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (UInt(value), [UInt8]())
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
