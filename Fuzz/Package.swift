// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // libFuzzer brings the program's entry point.
    .unsafeFlags(["-parse-as-library"]),
]

func module(_ name: String) -> Target.Dependency {
    .product(name: name, package: "voxkeep")
}

let package = Package(
    name: "voxkeep-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "voxkeep", path: "..")],
    targets: [
        .executableTarget(
            name: "FuzzWaveInspection",
            dependencies: [module("WaveFiles"), module("ByteSources"), module("PCM")], swiftSettings: strict),
        .executableTarget(
            name: "FuzzEnvelope",
            dependencies: [module("FLACFiles"), module("ByteSources"), module("PCM")], swiftSettings: strict),
        .executableTarget(
            name: "FuzzJournalLines", dependencies: [module("AuditTrail"), module("TransparencyLog")],
            swiftSettings: strict),
        .executableTarget(
            name: "FuzzPBXAnswers", dependencies: [module("PBXClient")], swiftSettings: strict),
    ]
)
