internal import ArgumentParser
internal import Foundation
internal import RecordingArchive
internal import TransparencyLog

/// `voxkeep key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Shows and replaces the key that signs an archive's log, which init has made.",
        discussion: """
            The key stays outside of the archive, readable by its owner alone; beside it lies what it signed last, and it \
            signs nothing that does not extend that. Back both up. The verifier key is public: give it to whoever is to \
            check the archive later, for the one in the archive can be changed by whoever can change the archive.
            """,
        subcommands: [Show.self, Rotate.self])

    /// `voxkeep key show`.
    struct Show: Verb {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract:
                "Prints the verifier keys of an archive's log, the newest last, and where the signing key is.",
            discussion: ExitStatus.explanation)

        @OptionGroup var archiveOptions: ArchiveOptions
        @OptionGroup var keyOption: KeyOption
        @OptionGroup var outputOptions: OutputOptions

        func perform(on console: Console) async throws -> ExitStatus {
            let archive = try await RecordingArchive.open(
                at: archiveOptions.archive, access: .read, context: archiveOptions.context)
            let keys = try archive.verifierKeys()
            guard !keys.isEmpty else { throw ArchiveError.logMissing(path: archive.path) }
            let path = keyOption.path(archiveID: archive.id, generation: keys.count)
            try KeyReport(archive, path: path).print(on: console)
            return .success
        }
    }

    /// `voxkeep key rotate`.
    struct Rotate: Verb {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Replaces the key of an archive's log by a new one, which the old one signs for.",
            discussion: """
                Whoever trusts the old verifier key can trust the new one, as long as the old key is there to sign. With \
                --lost nothing but your word stands for the change, and the audit trail says so.

                """ + ExitStatus.explanation)

        @OptionGroup var archiveOptions: ArchiveOptions
        @OptionGroup var keyOption: KeyOption

        @Option(
            name: .customLong("new-key-file"),
            help: ArgumentHelp(
                "Where the new key goes; by default beside the others in your configuration folder.",
                valueName: "file"))
        var newKeyFile: String?

        @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text"))
        var reason: String

        @Flag(help: "The old key is lost and cannot sign for the new one.")
        var lost = false

        @OptionGroup var outputOptions: OutputOptions

        func validate() throws {
            guard !reason.isEmpty else { throw ValidationError("--reason takes a text that is not empty.") }
            guard !(lost && keyOption.keyFile != nil) else {
                throw ValidationError("--lost and --key-file exclude one another.")
            }
            guard keyOption.keyFile == nil || newKeyFile != nil else {
                throw ValidationError("With --key-file, say with --new-key-file where the new key goes.")
            }
        }

        func perform(on console: Console) async throws -> ExitStatus {
            var newKey = KeyOption()
            newKey.keyFile = newKeyFile
            let archive: RecordingArchive
            if lost {
                archive = try await RecordingArchive.openReplacingLostKey(
                    at: archiveOptions.archive, to: newKey.finder, reason: "the old key is lost: \(reason)",
                    context: archiveOptions.context)
            } else {
                archive = try await RecordingArchive.open(
                    at: archiveOptions.archive, access: .write, key: keyOption.finder,
                    context: archiveOptions.context)
                _ = try await archive.rotateKey(to: newKey.finder, reason: reason)
            }
            let generation = try archive.verifierKeys().count
            try await archive.close()
            try KeyReport(archive, path: newKey.path(archiveID: archive.id, generation: generation))
                .print(on: console)
            return .success
        }
    }
}

/// What `init` and `key` tell of an archive's keys.
struct KeyReport: Encodable {
    let archive: String
    let verifierKeys: [String]
    let keyFile: String
    let keyIsThere: Bool
    let entries: UInt64

    init(_ archive: RecordingArchive, path: String) throws {
        self.archive = archive.path
        verifierKeys = try archive.verifierKeys().map(\.text)
        keyFile = path
        keyIsThere = FileManager.default.fileExists(atPath: path)
        entries = try archive.checkpoint().head.size
    }

    func print(on console: Console) throws {
        try console.row(self)
        for key in verifierKeys { console.line(key) }
        console.note(
            keyIsThere
                ? "The signing key is \(keyFile.printable); back it up with \(keyFile.printable).checkpoint, and give the "
                    + "last line above to whoever is to check the archive."
                : "The signing key is not at \(keyFile.printable).")
    }
}
