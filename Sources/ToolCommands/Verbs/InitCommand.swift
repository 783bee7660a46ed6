internal import ArgumentParser
internal import RecordingArchive
internal import TransparencyLog

/// `voxkeep init`.
struct InitCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes an archive, and the key that signs all that happens in it.",
        discussion: """
            Nothing else makes an archive, so that none comes to be where a disk is not mounted. The key stays outside of \
            the archive, readable by its owner alone; beside it lies what it signed last. Back both up, apart from the \
            archive: without the key nothing can be added. The verifier key is public: give it to whoever is to check the \
            archive later.

            Examples:
              voxkeep init /srv/voicemail
              voxkeep init /srv/voicemail --retention 10y


            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("The archive's folder: a new one, or an empty one.", valueName: "dir"))
    var folder: String

    @Option(
        help: ArgumentHelp(
            "How long recordings are kept for which sync or retain say nothing else: forever, which can never be shortened, "
                + "or 30d, 2w, 6m, 10y from the message's date, event+10y from an event, or undecided, which keeps them until "
                + "somebody decides.",
            valueName: "policy"),
        transform: RetentionOption.policy)
    var retention = RetentionPolicy.undecided

    @OptionGroup var actorOption: ActorOption
    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !folder.isEmpty else { throw ValidationError("An archive needs a folder, not an empty name.") }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await RecordingArchive.create(
            at: folder, key: keyOption.finder, retention: retention, context: actorOption.context)
        try await archive.close()
        try KeyReport(archive, path: keyOption.path(archiveID: archive.id)).print(on: console)
        console.note(
            "The archive is \(archive.path.printable). "
                + (retention == .undecided
                    ? "What comes into it is kept until somebody decides how long: sync --retention, or retain."
                    : "What comes into it is kept \(retention), where nothing else is said."))
        return .success
    }
}
