internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep replicate`.
struct ReplicateCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "replicate",
        abstract: "Brings the copies of an archive up to date, after an outage or for the first time.",
        discussion: """
            A recording is safe at a replica when it was written there, read back and found to have the same SHA-256. \
            What was erased is erased there too. It can be interrupted and run again as often as you like.

            The exit code is 1 when a replica could not be brought up to date.

            Examples:
              voxkeep replicate --archive /srv/voicemail --replica /mnt/second-disk/voicemail
              voxkeep replicate --archive /srv/voicemail


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions

    @Option(
        name: .customLong("replica"),
        help: ArgumentHelp(
            "A folder on another disk that is a copy from now on; it is remembered, and may be given more than once.",
            valueName: "folder"))
    var replicas: [String] = []

    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !replicas.contains("") else {
            throw ValidationError("--replica takes a folder, not an empty name.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        // An archive is made by sync alone.
        try await RecordingArchive.open(at: archiveOptions.archive, access: .read).close()
        let archive = try await OpenedArchive.forWriting(
            archiveOptions.archive, key: keyOption, context: archiveOptions.context, console: console)
        for replica in replicas { try await archive.addReplica(replica) }
        guard try await !archive.replicas().isEmpty else {
            throw Failure(
                .usage,
                "The archive at \(archive.path.printable) has no replica; name a folder on another disk with --replica."
            )
        }
        let areCopied = try await ReplicationRun(archive: archive, console: console).perform()
        try await archive.close()
        return areCopied ? .success : .itemsNeedAttention
    }
}
