// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func module(_ name: String) -> Target.Dependency {
    .product(name: name, package: "voxkeep")
}

let package = Package(
    name: "voxkeep-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "voxkeep", path: ".."),
        // Its default traits count allocations and reference counting with libraries that Debian has no package of.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(
            name: "Stages",
            dependencies: [
                module("ByteSources"), module("Digests"), module("DurableFiles"), module("FLACFiles"),
                module("Leveling"), module("PCM"), module("Transcoding"), module("WaveFiles"),
            ],
            path: "Stages",
            swiftSettings: strict),
        .executableTarget(
            name: "StageBenchmarks",
            dependencies: ["Stages", .product(name: "Benchmark", package: "benchmark")],
            path: "StageBenchmarks",
            swiftSettings: strict,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        .executableTarget(
            name: "StageRunner", dependencies: ["Stages"], path: "StageRunner", swiftSettings: strict),
    ]
)
