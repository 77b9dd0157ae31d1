import Foundation
import Synchronization
import Testing

@testable import Telemetry

@Suite(.timeLimit(.minutes(1)))
struct LogWriterTests {
    private func line(_ number: Int) -> String { "line \(number) \(String(repeating: "x", count: 100))\n" }

    /// The whole lines.
    private static func lines(_ text: Data) -> [Substring] {
        String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }

    /// Reads until a line is as wanted.
    private func read(_ pipe: Pipe, until ending: (Substring) -> Bool) throws -> [Substring] {
        var text = Data()
        while true {
            // What is there, as soon as anything is.
            let more = pipe.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            text.append(more)
            guard let last = Self.lines(text.suffix(32_768)).last, ending(last) else { continue }
            return Self.lines(text)
        }
    }

    @Test func aLineIsThereWhenTheCallReturns() throws {
        let pipe = Pipe()
        let writer = LogWriter(pipe.fileHandleForWriting)
        writer.write(line(0))
        #expect(pipe.fileHandleForReading.availableData == Data(line(0).utf8))
    }

    @Test func whoLogsDoesNotWaitForAReaderAndLearnsWhatWasLost() throws {
        let pipe = Pipe()
        let writer = LogWriter(pipe.fileHandleForWriting)
        let count = 40_000
        // Far more than a pipe and the writer hold; nobody reads yet.
        for number in 0..<count { writer.write(line(number)) }
        let lines = try read(pipe) { $0.hasSuffix("nobody read them in time") }
        let lost = try #require(lines.last.flatMap { Int($0.prefix { $0 != " " }) })
        let kept = lines.dropLast().map { $0 + "\n" }
        #expect(lost > 0 && kept.count + lost == count)
        #expect(kept.enumerated().allSatisfy { $1 == line($0) })
        #expect(kept.count * line(0).utf8.count >= LogWriter.limit)
        // Read again, it writes as ever.
        writer.write(line(1))
        #expect(try read(pipe) { $0.hasPrefix("line 1 ") }.count == 1)
    }

    @Test func aFlushWaitsForTheReaderOrForItsTime() throws {
        let pipe = Pipe()
        let writer = LogWriter(pipe.fileHandleForWriting)
        #expect(writer.flush(within: 60))
        for number in 0..<2_000 { writer.write(line(number)) }
        #expect(!writer.flush(within: 0.01))
        let reader = pipe.fileHandleForReading
        Thread.detachNewThread { while !reader.availableData.isEmpty {} }
        #expect(writer.flush(within: 60))
        try pipe.fileHandleForWriting.close()
    }

    @Test func longLinesAndManyThreadsKeepLinesWhole() throws {
        let pipe = Pipe()
        let writer = LogWriter(pipe.fileHandleForWriting)
        let long = String(repeating: "y", count: 20_000) + "\n"
        Thread.detachNewThread {
            DispatchQueue.concurrentPerform(iterations: 8) { _ in for _ in 0..<6 { writer.write(long) } }
            writer.write("end\n")
        }
        let lines = try read(pipe) { $0 == "end" }
        #expect(lines.count == 49 && lines.dropLast().allSatisfy { $0.count == 20_000 })
    }

    @Test func aReaderThatIsGoneHarmsNobody() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        let writer = LogWriter(pipe.fileHandleForWriting)
        try pipe.fileHandleForReading.close()
        for number in 0..<10 { writer.write(line(number)) }
    }
}
