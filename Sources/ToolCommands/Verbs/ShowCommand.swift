internal import ArgumentParser
internal import Foundation
internal import RecordingArchive

/// `voxkeep show`.
struct ShowCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows all that an archive knows of one recording, or what is left of an erased one.",
        discussion: """
            The recording is given by its id, its first 6 or more digits, as list --json shows them. The copies are \
            looked for, but not read; verify reads them.

            Examples:
              voxkeep show 4be07c15 --archive /srv/voicemail
              voxkeep show 4be07c15 --archive /srv/voicemail --json


            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("The recording's id, or its first digits.", valueName: "id"))
    var id: String

    @Option(help: ArgumentHelp("The archive's folder.", valueName: "folder"))
    var archive: String

    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await RecordingArchive.open(at: archive, access: .read)
        let id = try await RecordingID.resolve(id, in: archive)
        if let recording = try await archive.recording(id: id) {
            let shown = try await ShownRecording(recording, in: archive)
            try console.row(shown)
            for line in try shown.lines(style: console.output) { console.line(line) }
        } else if let tombstone = try await archive.tombstone(id: id) {
            let shown = ShownTombstone(
                tombstone: tombstone, audit: try ShownRecording.audit([id], in: archive))
            try console.row(shown)
            for line in shown.lines(style: console.output) { console.line(line) }
        } else {
            // It was erased between the two questions, or is the id of something else.
            throw ArchiveError.noRecording(id: id)
        }
        return .success
    }
}

/// What is left of an erased recording.
private struct ShownTombstone: Encodable {
    let tombstone: Tombstone
    let audit: [ShownAuditLine]

    private enum Key: String, CodingKey {
        case id, state, erasedAt, kind, ground, actor, sha256, storedSHA256, logEntry, eraseEntry, audit
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(tombstone.id, forKey: .id)
        try row.encode("erased", forKey: .state)
        try row.encode(tombstone.erasedAt, forKey: .erasedAt)
        try row.encode(tombstone.kind, forKey: .kind)
        try row.encode(tombstone.ground, forKey: .ground)
        try row.encode(tombstone.actor, forKey: .actor)
        try row.encode(tombstone.original, forKey: .sha256)
        try row.encode(tombstone.stored, forKey: .storedSHA256)
        try row.encode(tombstone.ingestEntry, forKey: .logEntry)
        try row.encode(tombstone.eraseEntry, forKey: .eraseEntry)
        try row.encode(audit, forKey: .audit)
    }

    func lines(style: TerminalStyle) -> [String] {
        ["\(style.bold(tombstone.id))  \(style.red("erased"))"]
            + ShownRecording.fact(
                "erased",
                "at \(tombstone.erasedAt) by \(tombstone.actor.printable), \(tombstone.kind.printable)")
            + ShownRecording.fact("ground", tombstone.ground.printable)
            + ShownRecording.fact("stored", tombstone.stored)
            + ShownRecording.fact("original", tombstone.original)
            + ShownRecording.fact(
                "proof",
                "entry \(tombstone.ingestEntry) of the log took it in, entry \(tombstone.eraseEntry) tells of its "
                    + "erasure")
            + ShownRecording.lines(of: audit)
    }
}
