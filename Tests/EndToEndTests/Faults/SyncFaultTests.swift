import Foundation
import PBXEmulator
import TestSupport
import Testing

/// Breaks a sync at its system calls, looks at what is left, and syncs again.
@Suite(.serialized) struct SyncFaultTests {
    /// How many messages the archive holds before: none, or some.
    private static let states = FaultCoverage.isFull ? [0, 2] : [0]

    @Test(
        .enabled(if: Machine.canInject, "needs strace, and the right to make name spaces"),
        arguments: [SyscallFault.kill, .inputOutputError, .noSpace], states)
    func `loses nothing that it acknowledged, whichever system call fails`(
        fault: SyscallFault, messagesBefore: Int
    ) async throws {
        try await sweep(fault, messagesBefore)
    }

    @Test(
        .enabled(if: Machine.canCutPower, "needs root, strace, and a loop device for ext4"), arguments: states
    )
    func `loses nothing that it acknowledged, whenever the power fails`(messagesBefore: Int) async throws {
        try await sweep(.powerCut, messagesBefore)
    }

    private func sweep(_ fault: SyscallFault, _ messagesBefore: Int) async throws {
        let broken = try await BrokenSync(messagesBefore: messagesBefore)
        let sweep = try await SyscallSweep(
            broken.arguments, environment: broken.environment, in: broken.pbx.scratch.path, statuses: [1])
        for name in ["open", "mkdir", "write", "fsync", "link", "unlink", "pwrite", "fdatasync"] {
            #expect(sweep.names.contains { $0.hasPrefix(name) }, "\(name) is not among \(sweep.names)")
        }
        try await sweep.strike(with: fault) { strike in
            try await broken.check(strike.result, after: "\(strike)")
        }
        try await broken.pbx.emulator.stop()
    }
}
