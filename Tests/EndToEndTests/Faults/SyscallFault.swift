/// What goes wrong at one system call.
enum SyscallFault: String, CaseIterable {
    /// The process is killed before the call.
    case kill
    /// The call fails with EIO, once.
    case inputOutputError
    /// The call fails with ENOSPC, once.
    case noSpace
    /// The power fails before the call: the process ends, and the disk holds no more than was synced.
    case powerCut

    /// What `strace -e inject=` calls it.
    var injection: String {
        switch self {
        case .kill, .powerCut: "signal=KILL"
        case .inputOutputError: "error=EIO"
        case .noSpace: "error=ENOSPC"
        }
    }

    /// What the trace says of a call where it struck.
    var mark: String {
        switch self {
        case .kill, .powerCut: "+++ killed by SIGKILL"
        case .inputOutputError, .noSpace: "(INJECTED)"
        }
    }

    /// Whether the call can meet it.
    func canStrike(_ call: TracedCall) -> Bool {
        self != .noSpace || !call.name.hasPrefix("unlink")
    }

    /// Where in each part of a sweep its sample is taken, 0 to 1, so that the faults meet different calls.
    var phase: Double {
        switch self {
        case .kill: 0.5
        case .inputOutputError: 0.2
        case .noSpace: 0.7
        case .powerCut: 0.9
        }
    }
}
