import Foundation

/// Where the models lie on this machine, for tests that need them.
enum ModelFiles {
    static let directory: String = {
        let environment = ProcessInfo.processInfo.environment
        if let directory = environment["PARLEY_MODELS"] { return directory }
        let data = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
        return data + "/parley"
    }()
    static let library = directory + "/lib/libonnxruntime.so"
    static let silero = directory + "/models/vad/silero_vad_16k_op15.onnx"
    static let localModel = directory + "/models/llm/SmolLM2-135M-Instruct.Q4_1.gguf"
    static let smartTurn = directory + "/models/turn/smart-turn-v3.2-cpu.onnx"

    static let hasLibrary = has(library)
    static let hasSilero = has(silero)
    static let hasSmartTurn = has(smartTurn) && hasLibrary

    static func has(_ path: String) -> Bool { FileManager.default.isReadableFile(atPath: path) }
}
