internal import ArgumentParser
internal import RecordingArchive
internal import Transcoding

/// `voxkeep rebuild-catalog`.
struct RebuildCatalogCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "rebuild-catalog",
        abstract: "Makes an archive's catalog anew from its journal and its sidecars.",
        discussion: """
            The catalog is a cache: a new one equals the one that was lost. The old one stays until the new one is \
            complete; one that cannot be opened is kept as catalog.sqlite.damaged. Afterwards the archive is opened \
            once for writing, which completes what an earlier run left; without the key, entries for the log wait.

            The exit code is 1 when the journal tells of recordings whose sidecars, or answers in them, are lost \
            or damaged.

            Examples:
              voxkeep rebuild-catalog --archive /srv/voicemail


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions
    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let (path, context) = (archiveOptions.archive, archiveOptions.context)
        let summary = try await BlockingPool(width: 1).run {
            try RecordingArchive.rebuildCatalog(at: path, context: context) { lines in
                console.show(bar: "\(Quantities.count(Int(lines), "line")) of the journal read")
            }
        }
        console.show(bar: nil)
        for path in summary.damaged {
            try console.row(RebuildFinding(kind: "sidecar.altered", item: path))
            console.problem("damaged  \(path.printable)")
        }
        for id in summary.lost {
            try console.row(RebuildFinding(kind: "sidecar.missing", item: id))
            console.problem("lost     the sidecar of the recording \(id)")
        }
        for id in summary.answerless {
            try console.row(RebuildFinding(kind: "answer.lost", item: id))
            console.problem("lost     the answer of a hook to the recording \(id)")
        }
        try console.row(
            RebuildRow(
                recordings: summary.recordings, lost: summary.lost.count, damaged: summary.damaged.count,
                answerless: summary.answerless.count))
        console.note("The catalog was made anew: \(Quantities.count(summary.recordings, "recording")).")
        let isWhole = summary.lost.isEmpty && summary.damaged.isEmpty && summary.answerless.isEmpty
        if !isWhole {
            console.alert("Run verify --repair to bring back from a copy what is lost, then run this again.")
        }
        try await OpenedArchive.settle(path, key: keyOption, context: context, console: console)
        return isWhole ? .success : .itemsNeedAttention
    }
}

/// What was come upon while the catalog was made anew.
private struct RebuildFinding: Encodable {
    let kind: String
    let item: String
}

/// How the making of the catalog ended.
private struct RebuildRow: Encodable {
    let recordings: Int
    let lost: Int
    let damaged: Int
    let answerless: Int
}
