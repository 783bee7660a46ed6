internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep hold`.
struct HoldCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Keeps recordings from being erased, for a case, until two people release the hold.",
        discussion: """
            A recording may be under any number of holds. With --future, the hold also takes in recordings that are \
            archived later and pass its filter.

            Examples:
              voxkeep hold --archive A --case 2026/17 --reason "Suit" 1a2b3c 4d5e6f
              voxkeep hold --archive A --case 2026/17 --reason "Suit" --caller 2000 --future


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("The case that it is for, such as a file number.", valueName: "case"))
    var caseID: String

    @OptionGroup var reasonOption: ReasonOption
    @OptionGroup var selectionOptions: SelectionOptions

    @Flag(help: "Take in recordings that come later, too: those that pass the filter, or all.")
    var future = false

    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        try AuditText.checkName(caseID, option: "--case")
        guard !future || selectionOptions.ids.isEmpty else {
            throw ValidationError(
                "--future needs a filter or --all, which says what to take in; it excludes ids.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await OpenedArchive.forChanging(archiveOptions, key: keyOption)
        let selection = try await selectionOptions.selection(in: archive, mayBeNone: future)
        let hold = try await archive.placeHold(
            case: caseID, on: selection, future: future, reason: reasonOption.reason)
        let row = HoldRow(hold)
        try console.row(row)
        for line in row.lines(style: console.output) { console.line(line) }
        return .success
    }
}
