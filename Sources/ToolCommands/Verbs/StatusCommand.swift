internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep status`.
struct StatusCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says whether an archive has all that it should have, and where its copies stand.",
        discussion: """
            Expected is what PBXs have ever listed. What was listed and is neither archived, in quarantine nor erased is \
            missing, and then the exit code is 1; what a sync is fetching at this moment is under way instead. The exit \
            code is 1, too, when the end of the journal is not what catalog and log know. Nothing is read but the catalog \
            and the ends of the journals; verify looks at the files.

            Examples:
              voxkeep status --archive /srv/voicemail
              voxkeep status --archive /srv/voicemail --json


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOption: ArchiveOption
    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await RecordingArchive.open(at: archiveOption.archive, access: .read)
        let status = try await archive.status()
        try console.row(StatusRow(archive: archive, status: status))
        let text = StatusText(archive: archive.path, status: status)
        for line in text.lines(style: console.output) { console.line(line) }
        if console.style == .quiet { for line in text.problems { console.problem(line) } }
        return status.missing > 0 || status.journalProblem != nil ? .itemsNeedAttention : .success
    }
}
