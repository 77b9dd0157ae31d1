// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"), .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

let nio = { (name: String) in Target.Dependency.product(name: name, package: "swift-nio") }
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let lifecycle = { (name: String) in Target.Dependency.product(name: name, package: "swift-service-lifecycle") }

let package = Package(
    name: "parley",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "parley", targets: ["parley"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Floor 0: C
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CSpeech", linkerSettings: [.linkedLibrary("m"), .linkedLibrary("dl")]),
        // Floor 1: values
        .target(name: "Audio"),
        .target(name: "Wire"),
        .target(name: "Dialogue"),
        // Floor 2: rules
        .target(name: "Turns", exclude: ["Turns.docc"]),
        // Floor 3: ports
        .target(name: "Engines", dependencies: ["Audio", "Dialogue"]),
        // Floor 4: adapters
        .target(name: "OpusCodec", dependencies: ["Audio", "COpus"]),
        .target(name: "HTTPStreams", dependencies: ["CCurl"]),
        .target(name: "RemoteEngines", dependencies: ["Audio", "Dialogue", "Engines", "HTTPStreams"]),
        .target(name: "EmbeddedEngines", dependencies: ["Audio", "CSpeech", "Dialogue", "Engines", crypto, subprocess]),
        .target(name: "Telemetry", dependencies: [logging, metrics]),
        .target(name: "Settings"),
        // Floor 5: the conversation
        .target(
            name: "Sessions",
            dependencies: ["Audio", "Wire", "Dialogue", "Turns", "Engines", "OpusCodec", collections, logging, nio("NIOCore")],
            exclude: ["Sessions.docc"]),
        // Floor 6: the doors
        .target(
            name: "Gateway",
            dependencies: [
                "Wire", "Sessions", "Dialogue", collections, crypto, logging, nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
                nio("NIOWebSocket"),
            ], exclude: ["Gateway.docc"], resources: [.embedInCode("Page")]),
        // Floor 6, beside the doors: the yardstick
        .target(
            name: "Evaluation", dependencies: ["Audio", "Dialogue", "Engines", "OpusCodec", "Sessions", "Turns", "Wire"],
            exclude: ["Evaluation.docc"]),
        // Floor 6, beside the doors: many callers at once
        .target(
            name: "LoadTest", dependencies: ["Audio", "Engines", "OpusCodec", "Wire", nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1")],
            exclude: ["LoadTest.docc"]),
        // Floor 7: the house
        .executableTarget(
            name: "parley",
            dependencies: [
                "Audio", "Dialogue", "EmbeddedEngines", "Engines", "Evaluation", "Gateway", "HTTPStreams", "LoadTest", "OpusCodec",
                "RemoteEngines", "Sessions", crypto,
                "Settings", "Telemetry", "Turns", "Wire", .product(name: "ArgumentParser", package: "swift-argument-parser"), logging, metrics,
                nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOWebSocket"), lifecycle("ServiceLifecycle"),
                lifecycle("UnixSignals"),
            ], exclude: ["parley.docc"]),

        // Tests: one target for each of the above, and what several of them share
        .target(name: "HTTPTestServer", path: "Tests/HTTPTestServer"),
        .target(name: "SharedFolder", path: "Tests/SharedFolder"),
        .target(name: "EngineConformance", dependencies: ["Audio", "Dialogue", "Engines"], path: "Tests/EngineConformance"),
        .testTarget(name: "AudioTests", dependencies: ["Audio"]),
        .testTarget(name: "WireTests", dependencies: ["Wire"]),
        .testTarget(name: "DialogueTests", dependencies: ["Dialogue"]),
        .testTarget(name: "TurnsTests", dependencies: ["Turns"]),
        .testTarget(name: "OpusCodecTests", dependencies: ["Audio", "OpusCodec", "COpus"]),
        .testTarget(name: "HTTPStreamsTests", dependencies: ["HTTPStreams", "HTTPTestServer"]),
        .testTarget(
            name: "RemoteEnginesTests",
            dependencies: ["Audio", "Dialogue", "Engines", "EngineConformance", "HTTPStreams", "HTTPTestServer", "RemoteEngines"]),
        .testTarget(
            name: "EmbeddedEnginesTests",
            dependencies: ["Audio", "CSpeech", "Dialogue", "EmbeddedEngines", "Engines", "SharedFolder", crypto, subprocess]),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", logging, metrics]),
        .testTarget(name: "SettingsTests", dependencies: ["Settings"]),
        .testTarget(
            name: "SessionsTests",
            dependencies: [
                "Audio", "Dialogue", "EmbeddedEngines", "Engines", "OpusCodec", "Sessions", "SharedFolder", "Turns", "Wire", logging,
                nio("NIOCore"), nio("NIOPosix"),
            ]),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Audio", "Dialogue", "Engines", "Evaluation", "Sessions", "Turns"]),
        .testTarget(
            name: "LoadTestTests", dependencies: ["Audio", "Dialogue", "Engines", "LoadTest", "OpusCodec", "Wire", nio("NIOCore")]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Dialogue", "Engines", "Gateway", "Sessions", "Turns", "Wire", crypto, logging, nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
                nio("NIOWebSocket"),
            ]),
        .testTarget(
            name: "SystemTests",
            dependencies: ["Audio", "Gateway", "HTTPTestServer", "OpusCodec", "SharedFolder", "Wire", nio("NIOCore"), nio("NIOPosix"), subprocess]),
    ]
)

// Benchmarks, which need a package that nothing else does: only where they are asked for
if Context.environment["PARLEY_BENCHMARKS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []))
    package.targets += [
        .target(name: "CAllocations", path: "Tests/Benchmarks/Allocations", publicHeadersPath: "."),
        .target(
            name: "Workloads",
            dependencies: [
                "Audio", "Dialogue", "EmbeddedEngines", "Engines", "HTTPStreams", "OpusCodec", "Sessions", "Turns", "Wire", logging,
                nio("NIOCore"), nio("NIOPosix"),
            ], path: "Tests/Benchmarks/Workloads"),
        .executableTarget(
            name: "HotPath", dependencies: ["CAllocations", "Workloads", .product(name: "Benchmark", package: "benchmark")],
            path: "Tests/Benchmarks/HotPath", plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        .executableTarget(name: "HotPathCount", dependencies: ["Workloads"], path: "Tests/Benchmarks/Count"),
    ]
}

for target in package.targets where target.type != .system { target.swiftSettings = strict }
