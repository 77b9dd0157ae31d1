@testable import EmbeddedEngines

/// A made-up ONNX model with the tensor at which Piper voices are cut.
enum TinyVoice {
    /// x, w1 -> (a loop around w3) -> cut -> y, with w2; w4 and its node lead nowhere.
    static func bytes(cut: String = PiperSplitter.cut) -> [UInt8] {
        let inner = field(1, node(["w3"], ["inner"]))
        let attribute = field(5, text(1, "body") + field(6, inner))
        let nodes = [
            node(["x", "w1"], ["a"]), node(["a"], ["b"]) + attribute, node(["b"], [cut]), node([cut, "w2"], ["y"]), node(["w4"], ["z"]),
        ]
        let weights = ["w1", "w2", "w3", "w4"].map { text(8, $0) + field(9, [UInt8](repeating: 1, count: 5000)) }
        var graph = nodes.flatMap { field(1, $0) } + text(2, "tiny")
        graph += weights.flatMap { field(5, $0) }
        graph += field(11, text(1, "x")) + field(12, text(1, "y")) + field(13, text(1, "a"))
        return [8, 8] + field(7, graph) + field(8, [16, 15])
    }

    static func node(_ inputs: [String], _ outputs: [String]) -> [UInt8] {
        inputs.flatMap { text(1, $0) } + outputs.flatMap { text(2, $0) } + text(4, "Mul")
    }

    static func text(_ number: Int, _ value: String) -> [UInt8] { field(number, Array(value.utf8)) }

    static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] { varint(number << 3 | 2) + varint(bytes.count) + bytes }

    private static func varint(_ value: Int) -> [UInt8] { value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7) }
}
