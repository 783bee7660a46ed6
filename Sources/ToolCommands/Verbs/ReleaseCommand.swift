internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep release`.
struct ReleaseCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Releases a hold: the first person asks for it, a second one approves it.",
        discussion: """
            The first call only records the request, and the hold keeps what it keeps. Called for the same hold by \
            another person, it releases it; by the same person, it is refused, and the audit trail says so. Who calls \
            is taken on trust.


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions
    @OptionGroup var holdID: HoldID
    @OptionGroup var reasonOption: ReasonOption
    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await OpenedArchive.forChanging(archiveOptions, key: keyOption)
        let id = try await holdID.hold(in: archive).id
        let step = try await archive.release(hold: id, reason: reasonOption.reason)
        guard let hold = try await archive.holds().first(where: { $0.id == id }) else { return .success }
        let row = HoldRow(hold)
        try console.row(row)
        for line in row.lines(style: console.output) { console.line(line) }
        switch step {
        case .requested:
            console.note(
                "Its release is asked for and not yet done. Another person approves it by the same command.")
        case .released:
            console.note(
                "It is released. What no other hold keeps may be erased when its retention has ended.")
        }
        return .success
    }
}
