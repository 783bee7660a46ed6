internal import Foundation

/// How much the tests that break things break.
public enum FaultCoverage {
    /// Whether every fault is tried at every call (`make test-faults`), and not only at a few.
    public static let isFull = ProcessInfo.processInfo.environment["VOXKEEP_TEST_FAULTS"] == "all"

    /// How far apart the operations are of which each goes wrong once: on every one of them it would take minutes.
    public static let stride = isFull ? 1 : 5

    /// Where to begin, so that cases of different names break different operations.
    public static func offset(_ name: String) -> Int { name.utf8.reduce(0) { $0 + Int($1) } % stride }
}
