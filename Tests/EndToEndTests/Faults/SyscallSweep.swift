import TestSupport
import Testing

/// Lets the system calls by which a `voxkeep` command writes below a folder go wrong, one in each run.
///
/// The command runs on one processor, where it has one thread for its work, and in a name space of processes, where it
/// always has the same number: so its calls and the names of its files are the same in every run.
struct SyscallSweep {
    /// One run in which a call went wrong.
    struct Strike: CustomStringConvertible {
        let fault: SyscallFault
        let call: TracedCall
        let result: ToolResult

        var description: String {
            "\(fault.rawValue) at \(call): status \(result.status), \(result.diagnostics)"
        }
    }

    private let arguments: [String]
    private let environment: [String: String]
    private let folder: PreparedFolder
    private let trace: SyscallTrace

    /// The names of the calls by which the command writes.
    var names: Set<String> { Set(trace.calls.map(\.name)) }

    /// Runs the command once, and learns what it writes; the folder is as before afterwards.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of `voxkeep`, which work with absolute paths.
    ///   - environment: What its environment has besides that of the tests.
    ///   - path: The folder whose content the command changes: an archive, or what holds several.
    ///   - statuses: The exit codes that it may have when all goes well.
    /// - Throws: `UnexpectedEnd`, where it has another.
    init(
        _ arguments: [String], environment: [String: String] = [:], in path: String,
        statuses: Set<Int32> = [0]
    ) async throws {
        self.arguments = arguments
        self.environment = environment.merging(Machine.quietly) { $1 }
        folder = try await PreparedFolder(path)
        let command = Self.traced(
            arguments, ["-e", "trace=\(SyscallTrace.names)"], log: folder.aside("trace"))
        let result = try await Tool("env").run(command, environment: self.environment)
        guard statuses.contains(result.status) else { throw UnexpectedEnd(result) }
        trace = SyscallTrace(folder.aside.text("trace") ?? "", below: path)
        try await folder.setBack()
    }

    /// Lets each call go wrong in one way, each in a run of its own; without `VOXKEEP_TEST_FAULTS=all`, a few calls of
    /// each name.
    ///
    /// The folder is as the test prepared it before each run, and in the end.
    ///
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - sample: How many calls of each name are few.
    ///   - limit: How many calls of all names are few; nil where there is no limit.
    ///   - sourceLocation: Where to report a sweep that struck too little.
    ///   - check: Looks at what is left, after each run in which the fault struck.
    /// - Throws: `UnexpectedEnd` of a run that hangs, and what `check` throws.
    func strike(
        with fault: SyscallFault, sample: Int = 1, atMost limit: Int? = nil,
        sourceLocation: SourceLocation = #_sourceLocation,
        check: (Strike) async throws -> Void
    ) async throws {
        let calls = trace.calls.filter(fault.canStrike)
        var chosen = FaultCoverage.isFull ? calls : calls.sample(sample, phase: fault.phase)
        if let limit, !FaultCoverage.isFull, chosen.count > limit {
            chosen = (0..<limit).map { chosen[(2 * $0 + 1) * chosen.count / (2 * limit)] }
        }
        var struck = 0
        for call in chosen {
            let result = try await run(with: fault, at: call)
            // A run may make fewer calls than the first one did.
            guard folder.aside.text("trace")?.contains(fault.mark) == true else { continue }
            struck += 1
            try await check(Strike(fault: fault, call: call, result: result))
        }
        try await folder.setBack()
        if FaultCoverage.isFull { print("\(fault.rawValue): struck \(struck) of \(chosen.count) calls") }
        #expect(2 * struck > chosen.count, "\(struck) of \(chosen.count)", sourceLocation: sourceLocation)
    }

    private func run(with fault: SyscallFault, at call: TracedCall) async throws -> ToolResult {
        // Without the paths, calls on sockets and terminals would be counted, and struck.
        let paths = trace.paths.sorted().flatMap { ["-P", $0] }
        let injection = "inject=\(call.name):\(fault.injection):when=\(call.ordinal)"
        let command = Self.traced(
            arguments, paths + ["-e", "trace=\(call.name)", "-e", injection], log: folder.aside("trace"))
        try await folder.run("rm", "-f", folder.aside("trace"))
        let result: ToolResult
        if fault == .powerCut {
            result = try await FaultyDisk.losingUnsynced.run(command, environment: environment, in: folder)
        } else {
            try await folder.setBack()
            result = try await Tool("env").run(command, environment: environment)
        }
        guard result.status != Self.timedOut else { throw UnexpectedEnd(result) }
        return result
    }

    /// What timeout(1) ends with after the time is up.
    private static let timedOut: Int32 = 124

    private static func traced(_ arguments: [String], _ options: [String], log: String) -> [String] {
        [
            "timeout", "60", "unshare", "--map-root-user", "--pid", "--kill-child", "--mount-proc",
            "taskset", "--cpu-list", Machine.processor, "strace", "-f", "-qq", "-y", "-s", "0", "-o",
            log,
        ] + options + [Tool.voxkeep.path] + arguments
    }
}
