import Foundation

/// How much the tests that break things break.
enum FaultCoverage {
    /// Whether every fault is tried at every call (`make test-faults`), and not only at a few.
    static let isFull = ProcessInfo.processInfo.environment["VOXKEEP_TEST_FAULTS"] == "all"
}
