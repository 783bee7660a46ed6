internal import ArgumentParser
internal import DurableFiles
internal import Foundation
internal import RecordingArchive

/// Which archive.
struct ArchiveOption: ParsableArguments {
    @Option(help: ArgumentHelp("The archive's folder.", valueName: "folder"))
    var archive: String

    func validate() throws {
        guard !archive.isEmpty else { throw ValidationError("--archive takes a folder, not an empty name.") }
    }
}

/// Which archive, and who is at work in it.
struct ArchiveOptions: ParsableArguments {
    @OptionGroup var archiveOption: ArchiveOption

    /// The archive's folder.
    var archive: String { archiveOption.archive }

    @OptionGroup var actorOption: ActorOption

    /// Clock, randomness and system calls as they are, and the actor.
    var context: ArchiveContext { actorOption.context }
}

/// Who is at work.
struct ActorOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who does this, for the audit trail; by default the login name. It is taken on trust.",
            valueName: "name"))
    var actor: String?

    func validate() throws {
        if let actor { try AuditText.checkName(actor, option: "--actor") }
    }

    var context: ArchiveContext {
        var context = ArchiveContext()
        if let actor { context.actor = actor }
        return context
    }
}

/// The key that signs an archive's log.
struct KeyOption: ParsableArguments {
    @Option(
        name: .customLong("key-file"),
        help: ArgumentHelp(
            "The key that signs the archive's log; by default voxkeep/<archive id>.key in your configuration folder.",
            valueName: "file"))
    var keyFile: String?

    func validate() throws {
        guard keyFile?.isEmpty != true else {
            throw ValidationError("--key-file takes a file, not an empty name.")
        }
    }

    /// Where a key of an archive is: the first one, or the one that replaced it, and so on.
    func path(archiveID: String, generation: Int = 1) -> String {
        let name = generation == 1 ? archiveID : "\(archiveID)-\(generation)"
        return keyFile ?? Folder.path(Self.configurationFolder(), "voxkeep/\(name).key")
    }

    /// Finds the key of an archive.
    var finder: LogKey.Finder {
        { LogKey(path: path(archiveID: $0, generation: $1)) }
    }

    /// Finds the key of an archive that has one already.
    var existingFinder: LogKey.Finder {
        { LogKey(path: path(archiveID: $0, generation: $1), mayBeMade: false) }
    }

    /// `$XDG_CONFIG_HOME`, or `.config` in the home folder.
    static func configurationFolder(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        if let folder = environment["XDG_CONFIG_HOME"], Folder.isAbsolute(folder) { return folder }
        return Folder.path(FileManager.default.homeDirectoryForCurrentUser.path, ".config")
    }
}
