// swift-tools-version: 6.2
import PackageDescription

/// `make` turns warnings into errors; a plain `swift build` with a newer compiler still builds.
let warnings: [SwiftSetting] =
    Context.environment["VOXKEEP_WARNINGS"] == "error" ? [.treatAllWarnings(as: .error)] : []

/// `make test-release` has the compiler check what its optimizer makes of the code.
///
/// That of Swift 6.3.1 is wrong about one shape (`CopyToBorrowOptimization`): a value is read out of a non-copyable one
/// that lies in memory, as one with an existential in it does; the owner is consumed; the value is used. It takes the
/// value for a loan and not for a copy, so that it is freed with the owner: the names in a bag's manifest were garbage.
/// What is needed of a value that is consumed is therefore returned by what consumes it. Where the shape comes back,
/// the compiler ends with a "SIL memory lifetime failure" in the function.
let verification: [SwiftSetting] =
    Context.environment["VOXKEEP_VERIFY_SIL"] == "1"
    ? [.unsafeFlags(["-Xfrontend", "-sil-verify-all"], .when(configuration: .release))] : []

let strict: [SwiftSetting] =
    warnings + verification + [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]

/// Everything outside the C wrappers and the two file modules is compiled with strict memory safety, so that
/// "no unsafe code elsewhere" is a compiled fact.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")

let package = Package(
    name: "voxkeep",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "voxkeep", targets: ["voxkeep"]),
        .library(name: "PCM", targets: ["PCM"]),
        .library(name: "ByteSources", targets: ["ByteSources"]),
        .library(name: "Digests", targets: ["Digests"]),
        .library(name: "DurableFiles", targets: ["DurableFiles"]),
        .library(name: "AuditTrail", targets: ["AuditTrail"]),
        .library(name: "TransparencyLog", targets: ["TransparencyLog"]),
        .library(name: "WaveFiles", targets: ["WaveFiles"]),
        .library(name: "Leveling", targets: ["Leveling"]),
        .library(name: "FLACFiles", targets: ["FLACFiles"]),
        .library(name: "Transcoding", targets: ["Transcoding"]),
        .library(name: "PBXClient", targets: ["PBXClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1",
            traits: ["FullFoundation"]),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CFLAC", pkgConfig: "flac", providers: [.apt(["libflac-dev"])]),
        .systemLibrary(name: "CEBUR128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),
        .systemLibrary(name: "CGlibc"),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "PCM", swiftSettings: memorySafe),
        .target(name: "ByteSources", swiftSettings: strict),
        .target(name: "Digests", dependencies: [crypto], swiftSettings: memorySafe),
        .target(name: "DurableFiles", dependencies: ["CGlibc"], swiftSettings: strict),
        .target(name: "WaveFiles", dependencies: ["ByteSources", "CSndFile", "PCM"], swiftSettings: strict),
        .target(name: "Leveling", dependencies: ["CEBUR128", "CSoxr", "PCM"], swiftSettings: strict),
        .target(name: "FLACFiles", dependencies: ["ByteSources", "CFLAC", "PCM"], swiftSettings: strict),
        .target(
            name: "Transcoding",
            dependencies: [
                "ByteSources", "Digests", "DurableFiles", "FLACFiles", "Leveling", "PCM", "WaveFiles",
            ],
            swiftSettings: memorySafe),
        .target(
            name: "PBXClient",
            dependencies: ["Digests", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix, nioSSL],
            swiftSettings: memorySafe),
        .target(
            name: "PBXEmulator",
            dependencies: [
                "PCM", crypto, logging, nioCore, nioHTTP1, nioPosix, nioSSL, serviceLifecycle, swiftASN1,
                x509,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            swiftSettings: memorySafe),
        .target(
            name: "RecordingArchive",
            dependencies: ["AuditTrail", "Digests", "DurableFiles", "TransparencyLog", grdb],
            swiftSettings: memorySafe),
        .target(
            name: "Timestamps", dependencies: ["Digests", crypto, swiftASN1, x509], swiftSettings: memorySafe),
        .target(name: "TransparencyLog", dependencies: ["DurableFiles", crypto], swiftSettings: memorySafe),
        .target(
            name: "AuditTrail", dependencies: ["Digests", "DurableFiles", "TransparencyLog"],
            swiftSettings: memorySafe),
        .target(
            name: "Anchoring",
            dependencies: ["Digests", "RecordingArchive", "Timestamps", "TransparencyLog"],
            swiftSettings: memorySafe),
        .target(
            name: "Ingestion",
            dependencies: [
                "ByteSources", "Digests", "DurableFiles", "FLACFiles", "Leveling", "PBXClient", "PCM",
                "RecordingArchive", "SpeechMeasures", "Transcoding", "WaveFiles",
            ],
            swiftSettings: memorySafe),
        .target(
            name: "Exporting",
            dependencies: [
                "AuditTrail", "ByteSources", "Digests", "DurableFiles", "RecordingArchive", "Transcoding",
                "TransparencyLog",
            ],
            swiftSettings: memorySafe),
        .target(
            name: "SpeechMeasures",
            dependencies: ["ByteSources", "FLACFiles", "Leveling", "PCM", "Transcoding", "WaveFiles"],
            swiftSettings: memorySafe),
        .target(
            name: "SpeechFeed",
            dependencies: [
                "ByteSources", "CZlib", "Digests", "DurableFiles", "FLACFiles", "Leveling", "PCM",
                "SpeechMeasures", "Transcoding", "WaveFiles",
            ],
            swiftSettings: memorySafe),
        .target(name: "UserPrograms", dependencies: [subprocess, systemPackage], swiftSettings: memorySafe),
        .target(
            name: "ToolCommands",
            dependencies: [
                "Anchoring", "AuditTrail", "ByteSources", "CGlibc", "Digests", "DurableFiles", "Exporting",
                "FLACFiles", "Ingestion", "Leveling", "PBXClient", "PBXEmulator", "PCM", "RecordingArchive",
                "SpeechFeed", "Timestamps", "Transcoding", "TransparencyLog", "UserPrograms", "WaveFiles",
                argumentParser, logging, unixSignals,
            ],
            swiftSettings: memorySafe),
        .executableTarget(
            name: "voxkeep", dependencies: ["ToolCommands", argumentParser], swiftSettings: memorySafe),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "FileFaults", dependencies: ["DurableFiles"], path: "Tests/FileFaults",
            swiftSettings: strict),
        .target(
            name: "ScratchArchives", dependencies: ["RecordingArchive"], path: "Tests/ScratchArchives",
            swiftSettings: strict),
        .target(
            name: "CatalogSamples", dependencies: ["Digests", "RecordingArchive"],
            path: "Tests/CatalogSamples",
            swiftSettings: strict),
        .executableTarget(
            name: "CatalogBenchmark", dependencies: ["CatalogSamples", "RecordingArchive"],
            path: "Benchmarks/CatalogBenchmark", swiftSettings: strict),
        .testTarget(
            name: "PCMTests", dependencies: ["PCM", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ByteSourcesTests", dependencies: ["ByteSources", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: strict),
        .testTarget(
            name: "DurableFilesTests", dependencies: ["DurableFiles", "FileFaults", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "WaveFilesTests", dependencies: ["ByteSources", "PCM", "TestSupport", "WaveFiles"],
            swiftSettings: strict),
        .testTarget(
            name: "LevelingTests", dependencies: ["Leveling", "PCM", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "FLACFilesTests", dependencies: ["ByteSources", "FLACFiles", "PCM", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TranscodingTests",
            dependencies: [
                "ByteSources", "Digests", "FLACFiles", "Leveling", "PCM", "TestSupport", "Transcoding",
                "WaveFiles",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PBXClientTests",
            dependencies: ["Digests", "PBXClient", "TestSupport", logging, nioCore, nioPosix, nioSSL],
            swiftSettings: strict),
        .testTarget(
            name: "PBXEmulatorTests",
            dependencies: ["PBXEmulator", "TestSupport", crypto, logging, serviceLifecycle],
            swiftSettings: strict),
        .testTarget(
            name: "RecordingArchiveTests",
            dependencies: [
                "AuditTrail", "CatalogSamples", "Digests", "DurableFiles", "FileFaults", "RecordingArchive",
                "ScratchArchives", "TestSupport", "TransparencyLog",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TimestampsTests", dependencies: ["Digests", "TestSupport", "Timestamps"],
            swiftSettings: strict),
        .testTarget(
            name: "TransparencyLogTests",
            dependencies: ["DurableFiles", "FileFaults", "TestSupport", "TransparencyLog", crypto],
            swiftSettings: strict),
        .testTarget(
            name: "AuditTrailTests",
            dependencies: [
                "AuditTrail", "Digests", "DurableFiles", "FileFaults", "TestSupport", "TransparencyLog",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ExportingTests",
            dependencies: [
                "Digests", "DurableFiles", "Exporting", "FileFaults", "RecordingArchive", "ScratchArchives",
                "TestSupport", "Transcoding",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SpeechFeedTests",
            dependencies: [
                "DurableFiles", "Leveling", "PBXEmulator", "PCM", "SpeechFeed", "SpeechMeasures",
                "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "UserProgramsTests", dependencies: ["TestSupport", "UserPrograms"], swiftSettings: strict),
        .testTarget(
            name: "IngestionTests",
            dependencies: [
                "Ingestion", "Leveling", "PBXClient", "PBXEmulator", "RecordingArchive", "ScratchArchives",
                "TestSupport",
                "Transcoding",
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ToolCommandsTests",
            dependencies: [
                "Digests", "DurableFiles", "RecordingArchive", "ScratchArchives", "TestSupport",
                "ToolCommands",
                argumentParser,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Digests", "DurableFiles", "PBXEmulator", "RecordingArchive", "TestSupport", "voxkeep",
            ],
            swiftSettings: strict),
    ]
)
