internal import ArgumentParser
internal import ByteSources
internal import DurableFiles
internal import FLACFiles
internal import Foundation
internal import RecordingArchive
internal import Transcoding

/// `voxkeep restore`.
struct RestoreCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Gives back the original WAV file of a recording, byte for byte.",
        discussion: """
            The recording is a FLAC file, or with --archive an id, its first 6 or more digits, or a path in that \
            archive; one in quarantine is given back as it came. From an archive, the audit trail remembers who \
            restored what, also while a sync is at work there.

            Nothing is written unless the SHA-256 of the whole original agrees. An output that exists with the same \
            content is left alone; one that differs is refused unless --force is given.

            Examples:
              voxkeep restore flac/message.flac
              voxkeep restore flac/message.flac --output original.wav
              voxkeep restore flac/message.flac --output - | aplay
              voxkeep restore 4be07c15 --archive /srv/voicemail


            """ + ExitStatus.explanation)

    @Argument(
        help: ArgumentHelp(
            "A FLAC file, or with --archive a recording's id or path.", valueName: "recording"))
    var recording: String

    @Option(help: ArgumentHelp("The archive that has the recording.", valueName: "folder"))
    var archive: String?

    @OptionGroup var actorOption: ActorOption

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to write the original, - for standard output; by default its own name in the current folder.",
            valueName: "file"))
    var output: String?

    @Flag(help: "Replace an output that exists and differs.")
    var force = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !recording.isEmpty else { throw ValidationError("The recording's name is empty.") }
        guard archive?.isEmpty != true else {
            throw ValidationError("--archive takes a folder, not an empty name.")
        }
        guard actorOption.actor == nil || archive != nil else {
            throw ValidationError("--actor is for an audit trail, which only an --archive has.")
        }
        guard output?.isEmpty != true else {
            throw ValidationError("--output takes a file, not an empty name.")
        }
        guard !(output == "-" && outputOptions.json) else {
            throw ValidationError(
                "--json and --output - would both write to standard output; use one of them.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        var name = recording
        do {
            guard let archive else {
                let file = try FileByteSource(path: recording)
                let restorer = try SourceRestorer(file)
                try restore(file, StoredOriginal(restorer), name: restorer.name, on: console)
                return .success
            }
            let opened = try await RecordingArchive.open(
                at: archive, access: .read, context: actorOption.context)
            let found = try await ArchivedOriginal.find(recording, in: opened)
            name = found.file.path
            let isNoted = try await ReadNote.write(found.recording.id, in: opened, on: console)
            try restore(
                found.file, found.original, name: found.recording.facts.source.name, id: found.recording.id,
                isNoted: isNoted, on: console)
            return .success
        } catch FLACError.illFormed(_, offset: 0) {
            throw Failure(
                .itemsNeedAttention, "\(name.printable) is no FLAC file; name one that voxkeep made.")
        } catch let error as OutputError {
            // A batch goes on past an output that is refused; here it was all there was to write.
            throw Failure(.cannotWriteOutput, Failure(describing: error).description)
        } catch let failure as Failure {
            throw failure
        } catch {
            let failure = Failure(describing: error)
            guard failure.status == .itemsNeedAttention else { throw failure }
            throw Failure(failure.status, "\(name.printable): \(failure.description)")
        }
    }

    private func restore(
        _ file: FileByteSource, _ original: StoredOriginal, name: String?, id: String? = nil,
        isNoted: Bool? = nil, on console: Console
    ) throws {
        if output == "-" {
            // The whole is checked first, so that a reader never takes in a damaged original.
            try original.restore { _ in }
            return try original.restore { try StandardOutput.write(Data($0)) }
        }
        let path = output ?? Self.defaultName(name, file: file.path)
        let isThere = try RestoredFile.write(file, original, to: path, replacing: force)
        try console.row(
            RestoreRow(
                id: id, file: file.path, output: path, size: original.size, sha256: "\(original.digest)",
                unchanged: isThere, audited: isNoted))
        console.line(
            "\(path.printable)  \(Quantities.size(original.size))  "
                + (isThere ? "was there already, " : "restored, ") + "SHA-256 \(original.digest)")
    }

    /// The original's own name, made harmless: the last component, without control characters, never hidden.
    private static func defaultName(_ name: String?, file: String) -> String {
        let fallback = URL(filePath: file).deletingPathExtension().lastPathComponent + ".wav"
        guard let name = name.map(Folder.name(of:)), !name.isEmpty,
            name.utf8.first != UInt8(ascii: "."), name == name.printable, name.utf8.count <= 255
        else { return fallback }
        return name
    }
}

/// What `restore --json` prints.
private struct RestoreRow: Encodable {
    let id: String?
    let file: String
    let output: String
    let size: Int64
    let sha256: String
    let unchanged: Bool
    let audited: Bool?

    private enum Key: String, CodingKey {
        case id, file, output, size, sha256, unchanged, audited
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(id, forKey: .id)
        try row.encode(file, forKey: .file)
        try row.encode(output, forKey: .output)
        try row.encode(size, forKey: .size)
        try row.encode(sha256, forKey: .sha256)
        try row.encode(unchanged, forKey: .unchanged)
        try row.encode(audited, forKey: .audited)
    }
}
