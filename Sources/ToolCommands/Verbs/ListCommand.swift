internal import ArgumentParser
internal import Foundation
internal import PCM
internal import RecordingArchive

/// `voxkeep list`.
struct ListCommand: Verb {
    private static let pageSize = 500

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows what an archive holds, newest first.",
        discussion: ExitStatus.explanation)

    @Option(help: ArgumentHelp("The archive's folder.", valueName: "folder"))
    var archive: String

    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await RecordingArchive.open(at: archive, access: .read)
        var cursor: RecordingPage.Cursor?
        repeat {
            try Task.checkCancellation()
            let page = try await archive.recordings(limit: Self.pageSize, after: cursor)
            for recording in page.recordings {
                try console.row(ListRow(recording: recording, archive: archive))
                console.line(Self.line(for: recording, archive: archive, style: console.output))
            }
            cursor = page.next
        } while cursor != nil
        let statistics = try await archive.statistics()
        console.note(
            "\(Quantities.count(statistics.archived, "recording")), \(Quantities.time(statistics.duration)), "
                + "\(Quantities.size(statistics.storedSize)); \(statistics.quarantined) in quarantine.")
        return .success
    }

    private static func line(for recording: Recording, archive: RecordingArchive, style: TerminalStyle)
        -> String
    {
        let facts = recording.facts
        let column = facts.verdict.printable.fitted(to: 8)
        let verdict =
            switch facts.verdict {
            case "valid": style.green(column)
            case "flawed": style.yellow(column)
            default: style.red(column)
            }
        let date = facts.date ?? facts.identity.listedDate
        return [
            date.printable.fitted(to: 25), facts.identity.extension.printable.fitted(to: 6),
            "from \(facts.identity.caller.printable.fitted(to: 16))",
            Quantities.time(facts.audio?.duration ?? 0).fitted(to: 7),
            verdict,
            style.dim(archive.absolutePath(of: recording)),
        ].joined(separator: "  ")
    }
}
