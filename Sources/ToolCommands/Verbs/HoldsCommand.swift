internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep holds`.
struct HoldsCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "holds",
        abstract: "Shows the holds that are in force, the oldest first.",
        discussion: ExitStatus.explanation)

    @OptionGroup var archiveOption: ArchiveOption

    @Flag(help: "Show those that were released, too.")
    var all = false

    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let holds = try await RecordingArchive.open(at: archiveOption.archive, access: .read).holds()
        for hold in holds where all || hold.isActive {
            let row = HoldRow(hold)
            try console.row(row)
            for line in row.lines(style: console.output) { console.line(line) }
        }
        let active = holds.count(where: \.isActive)
        console.note(
            "\(Quantities.count(active, "hold")) in force, \(holds.count - active) released.")
        return .success
    }
}
