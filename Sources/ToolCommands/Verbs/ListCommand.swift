internal import ArgumentParser
internal import Exporting
internal import Foundation
internal import PCM
internal import RecordingArchive

/// `voxkeep list`.
struct ListCommand: Verb {
    private static let pageSize = 500

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows what an archive holds, newest first.",
        discussion: """
            Examples:
              voxkeep list --archive /srv/voicemail --extension 1000 --since 2026-01-01
              voxkeep list --archive /srv/voicemail --text 'valid msg0001.wav' --limit 50


            """ + ExitStatus.explanation)

    @Option(help: ArgumentHelp("The archive's folder.", valueName: "folder"))
    var archive: String

    @OptionGroup(title: "Which recordings") var filterOptions: FilterOptions

    @OptionGroup var replacedOption: ReplacedOption

    @Option(help: ArgumentHelp("At most so many; all by default.", valueName: "N"))
    var limit: Int?

    @Option(
        name: .customLong("page-after"),
        help: ArgumentHelp(
            "Go on where a list that --limit cut off has ended: the text that it printed.",
            valueName: "cursor"),
        transform: ListCommand.cursor)
    var pageAfter: RecordingPage.Cursor?

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    private static func cursor(_ text: String) throws -> RecordingPage.Cursor {
        guard let cursor = RecordingPage.Cursor(text) else {
            throw ValidationError("\(text.printable) is no cursor; give what list printed at its end.")
        }
        return cursor
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await RecordingArchive.open(at: archive, access: .read)
        let filter = filterOptions.filter()
        var cursor = pageAfter
        var listed = 0
        repeat {
            try Task.checkCancellation()
            let wanted = limit.map { $0 - listed } ?? .max
            let page = try await archive.recordings(
                matching: replacedOption.applied(to: filter), limit: min(wanted, Self.pageSize),
                after: cursor)
            for recording in page.recordings {
                try console.row(RecordingMetadata(recording, path: archive.absolutePath(of: recording)))
                console.line(Self.line(for: recording, archive: archive, style: console.output))
            }
            listed += page.recordings.count
            cursor = page.next
        } while cursor != nil && listed < limit ?? .max
        if let cursor { console.note("There is more: --page-after \(cursor)") }
        if filter != RecordingFilter() { console.note("\(Quantities.count(listed, "recording")) listed.") }
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
            verdict, String(recording.id.prefix(8)),
            style.dim(archive.absolutePath(of: recording)),
        ].joined(separator: "  ")
    }
}
