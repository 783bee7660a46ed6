internal import ArgumentParser
internal import RecordingArchive

/// Which recordings a command is about.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of this caller as listed.", valueName: "number"))
    var caller: String?

    /// The conditions that are set.
    func filter() throws -> RecordingFilter {
        RecordingFilter(caller: caller)
    }
}
