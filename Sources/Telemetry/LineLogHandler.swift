package import Foundation
package import Logging

/// Writes one line a log record, for people or for programs, with ``Redaction`` applied to its metadata.
package struct LineLogHandler: LogHandler {
    /// Where lines go; called from any thread with one whole line, its end included.
    package typealias Sink = @Sendable (String) -> Void

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let label: String
    private let format: LogFormat
    private let now: @Sendable () -> Date
    private let sink: Sink

    /// - Parameters:
    ///   - label: Which part of the house speaks.
    ///   - now: The time of a record.
    package init(
        label: String, format: LogFormat, level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Date = { Date() }, sink: @escaping Sink = LineLogHandler.standardError
    ) {
        (self.label, self.format, self.now, self.sink) = (label, format, now, sink)
        (self.logLevel, self.metadataProvider) = (level, metadataProvider)
    }

    package static let standardError: Sink = { LogWriter.standardError.write($0) }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let given = event.metadata { all.merge(given) { $1 } }
        let line = LogLine(
            time: now(), level: event.level, label: label, message: event.message.description,
            error: event.error.map { String(describing: $0) }, metadata: all)
        sink(line.render(format))
    }
}
