internal import ArgumentParser

/// The exit codes of `voxkeep`; those from 64 on have the meaning that sysexits.h gives them.
enum ExitStatus: Int32 {
    case success = 0
    /// Finished, but items were salvaged, rejected, failed, missing or damaged.
    case itemsNeedAttention = 1
    case usage = 64
    case noInput = 66
    case pbxUnreachable = 69
    case internalFault = 70
    case cannotWriteOutput = 73
    /// Something looked wrong while a writer was about, and could not be looked at in peace.
    case notSettled = 75
    /// A login was refused, or an archive's rules forbid what was asked for.
    case notPermitted = 77
    /// Ended by Ctrl-C, SIGTERM or SIGHUP, after saying what was done.
    case interrupted = 130

    /// The table that `--help` shows.
    static let explanation = """
        Exit codes:
            0  all well
            1  finished, but items were salvaged, rejected, failed, missing or damaged
           64  wrong usage
           66  no input: nothing that was named could be read
           69  the PBX cannot be reached, does not speak the API, or was given up
           70  a fault of voxkeep itself
           73  output cannot be written, or too few files can be opened
           75  not settled: something looked wrong while a writer was about; run again
           77  login refused or locked, or forbidden by hold, retention or clock
          130  interrupted; what was finished by then stays
        """

    /// The error that makes the program end with this code and print nothing further.
    var exitCode: ExitCode { ExitCode(rawValue) }
}
