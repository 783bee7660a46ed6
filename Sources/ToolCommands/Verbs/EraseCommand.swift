internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep erase`.
struct EraseCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erases recordings on a lawful request, whatever their retention says.",
        discussion: """
            The audio, the sidecar with its salt and the report go, here and in every replica that is there; nothing \
            brings them back. A tombstone stays with the ground, and proofs made before stay valid. With a recording go \
            those in whose place it has come. A recording under a hold is never erased; where one is named, none is.

            Example:
              voxkeep erase --archive A --ground "GDPR Art. 17, request 42" 1a2b3c4d5e6f


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions

    @Argument(
        help: ArgumentHelp(
            "Recordings by their ids, each in full or by its first digits, at least six.", valueName: "id"))
    var ids: [String]

    @Option(
        help: ArgumentHelp(
            "Why it is lawful, in words. The audit trail keeps it for ever, so name no caller.",
            valueName: "text"))
    var ground: String

    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        try RecordingID.check(ids)
        try AuditText.checkReason(ground, option: "--ground")
    }

    func perform(on console: Console) async throws -> ExitStatus {
        var found: [String] = []
        let archive = try await OpenedArchive.forErasing(archiveOptions, key: keyOption, on: console) {
            archive in
            if found.isEmpty { found = try await presentIDs(in: archive, on: console) }
            var left: [String] = []
            for id in found where try await archive.tombstone(id: id) == nil { left.append(id) }
            try await archive.erase(left, ground: ground)
        }
        for id in found {
            guard let tombstone = try await archive.tombstone(id: id) else { continue }
            try console.row(EraseRow(tombstone))
            console.line("\(console.output.red("erased")) \(id)")
        }
        console.note(
            "\(Quantities.count(found.count, "recording")) erased; what stays of \(found.count == 1 ? "it" : "them") is "
                + "in the audit trail.")
        return try await ErasedRemains.remove(from: archive, on: console)
    }
}

extension EraseCommand {
    /// The recordings that are named and all others of their messages, each once.
    private func presentIDs(in archive: RecordingArchive, on console: Console) async throws -> [String] {
        var found: [String] = []
        for id in ids {
            let whole = try await RecordingID.resolve(id, in: archive)
            if try await archive.tombstone(id: whole) != nil {
                // The run that erased it may have been broken off before it had reached the replicas.
                _ = try await ErasedRemains.remove(from: archive, on: console)
            }
            _ = try await RecordingID.present(whole, in: archive)
            if !found.contains(whole) { found.append(whole) }
        }
        return try await archive.idsGoing(with: found)
    }
}

/// What `erase --json` prints for each recording: its tombstone.
private struct EraseRow: Encodable {
    let id: String
    let outcome = "erased"
    let kind: String
    let ground: String
    let actor: String
    let erasedAt: String
    let ingestEntry: Int64
    let eraseEntry: Int64
    let storedSHA256: String
    let sha256: String

    init(_ tombstone: Tombstone) {
        (id, kind, ground) = (tombstone.id, tombstone.kind, tombstone.ground)
        (actor, erasedAt) = (tombstone.actor, tombstone.erasedAt)
        (ingestEntry, eraseEntry) = (tombstone.ingestEntry, tombstone.eraseEntry)
        (storedSHA256, sha256) = (tombstone.stored, tombstone.original)
    }
}
