import TestSupport
import Testing

/// Breaks the verbs that write, besides `sync`, at their system calls, looks at what is left, and runs them again.
@Suite(.serialized) struct VerbFaultTests {
    /// Every verb with every fault; without `VOXKEEP_TEST_FAULTS=all`, every verb with one.
    private static func cases(_ faults: [SyscallFault]) -> [(BrokenVerb.Verb, SyscallFault)] {
        BrokenVerb.Verb.allCases.enumerated().flatMap { index, verb in
            (FaultCoverage.isFull ? faults : [faults[index % faults.count]]).map { (verb, $0) }
        }
    }

    @Test(
        .enabled(if: Machine.canInject, "needs strace, and the right to make name spaces"),
        arguments: cases([.kill, .inputOutputError, .noSpace]))
    func `loses nothing that it acknowledged, and completes the rest, whichever system call fails`(
        verb: BrokenVerb.Verb, fault: SyscallFault
    ) async throws {
        try await sweep(verb, fault)
    }

    @Test(
        .enabled(if: Machine.canCutPower, "needs root, strace, and a loop device for ext4"),
        arguments: FaultCoverage.isFull ? BrokenVerb.Verb.allCases : [.erase])
    func `loses nothing that it acknowledged, and completes the rest, whenever the power fails`(
        verb: BrokenVerb.Verb
    ) async throws {
        try await sweep(verb, .powerCut)
    }

    private func sweep(_ verb: BrokenVerb.Verb, _ fault: SyscallFault) async throws {
        let broken = try await BrokenVerb(verb)
        let sweep = try await SyscallSweep(
            broken.arguments, environment: broken.environment, in: broken.scratch.path)
        for name in ["write", "fsync", "fdatasync"] {
            #expect(sweep.names.contains { $0.hasPrefix(name) }, "\(name) is not among \(sweep.names)")
        }
        try await sweep.strike(with: fault, atMost: 2) { strike in
            try await broken.check(strike.result, after: "\(verb): \(strike)")
        }
    }
}
