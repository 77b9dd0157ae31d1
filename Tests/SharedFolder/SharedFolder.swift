import Foundation

/// The folder of recordings and clients that is not part of the checkout: named by `PARLEY_SHARED`, or `shared` beside the checkout or one of
/// its parents.
package enum SharedFolder {
    /// Nil where there is none.
    package static let path: String? = {
        var candidates: [String] = []
        if let named = ProcessInfo.processInfo.environment["PARLEY_SHARED"] { candidates.append(named) }
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            candidates.append(folder.appendingPathComponent("shared").path)
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0 + "/data/manifest.tsv") }
    }()
}
