internal import ArgumentParser
internal import DurableFiles
internal import Foundation
internal import RecordingArchive
internal import TransparencyLog

/// `voxkeep prove`.
struct ProveCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Writes a recording with all that it takes to check, without voxkeep, that the log has it.",
        discussion: """
            The folder gets the recording, its metadata and the salt that they were committed to with, the log's entry, the \
            proof that the log has that entry, the log's verifier keys, and a page that says how to check all this by hand. \
            Of an erased recording it gets the entries of its ingest and of its erasure.

            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("The recording's id, or its first 6 digits or more.", valueName: "id"))
    var id: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder to make; by default proof-<id> in the current one.", valueName: "folder"))
    var output: String?

    @OptionGroup var archiveOptions: ArchiveOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        try RecordingID.check([id])
        guard output?.isEmpty != true else {
            throw ValidationError("--output takes a folder, not an empty name.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await RecordingArchive.open(
            at: archiveOptions.archive, access: .read, context: archiveOptions.context)
        let id = try await RecordingID.resolve(id, in: archive)
        let proof = try archive.proof(of: id)
        let folder = output ?? "proof-\(id)"
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw Failure(
                .cannotWriteOutput, "\(folder.printable) exists; name another folder with --output.")
        }
        let pending = try PendingFolder(for: folder)
        try ProofFolder(path: pending.path, proof: proof).write(from: archive)
        try await ReadNote.write(id, how: "prove", in: archive, on: console)
        try pending.publish()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            console.line(Folder.path(folder, name).printable)
        }
        try console.row(ProofRow(id: id, folder: folder, entry: proof.ingest.index))
        console.note(
            "The keys in it come from the archive itself: compare the last line of verifier-keys.txt with one that was "
                + "kept elsewhere.")
        return .success
    }
}

/// What `prove --json` prints.
private struct ProofRow: Encodable {
    let id: String
    let folder: String
    let entry: UInt64
}
