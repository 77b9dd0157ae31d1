import CSpeech
package import Engines
import Foundation

/// The ONNX Runtime library, opened by path while the process runs; any number of models share it.
package final class OnnxRuntime: Sendable {
    /// Where the library was opened.
    package let path: String
    /// E.g. `1.32.0`.
    package let version: String
    // Sendable: set once, and the library allows its functions to be called from any thread.
    nonisolated(unsafe) let handle: OpaquePointer

    private init(path: String, handle: OpaquePointer) {
        (self.path, self.handle) = (path, handle)
        version = String(cString: ort_version(handle))
    }

    deinit { ort_close(handle) }

    /// Opens the library; its code stays mapped until the process ends.
    ///
    /// - Throws: ``EngineError`` `engine.unavailable`, naming the file, when it is missing or is no ONNX Runtime of 1.16 or later.
    package static func open(libraryPath: String) throws(EngineError) -> OnnxRuntime {
        var message = OnnxMessage()
        guard let handle = ort_open(libraryPath, &message.bytes, message.bytes.count) else {
            throw EngineError(.unavailable, "\(libraryPath): \(message.text)")
        }
        return OnnxRuntime(path: libraryPath, handle: handle)
    }
}

/// Room for the text of one failure.
struct OnnxMessage {
    var bytes = [CChar](repeating: 0, count: 512)
    var text: String { String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
