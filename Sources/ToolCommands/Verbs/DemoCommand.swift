internal import ArgumentParser
internal import ByteSources
internal import Digests
internal import Foundation
internal import PBXClient
internal import PBXEmulator
internal import RecordingArchive
internal import Transcoding

/// `voxkeep demo`.
struct DemoCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole way on an emulated PBX: fetch, inspect, level, prove, archive, restore.",
        discussion: """
            Speech comes from Debian's asterisk-core-sounds-en-wav where it is installed, and from a generator \
            otherwise. Damaged messages are part of the show, and no failure of the demo.

            """ + ExitStatus.explanation)

    @Argument(
        help: ArgumentHelp(
            "Where the archive goes; by default voxkeep-demo in the current folder.", valueName: "dir"))
    var folder = "voxkeep-demo"

    @OptionGroup var familyOption: EmulatedFamilyOption
    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let speech = DemoMailboxes.installedSpeechFolder
        var settings = EmulatorConfiguration()
        settings.families = familyOption.families
        settings.mailboxes = DemoMailboxes.make(
            speechFolder: speech, listsFolders: familyOption.listsFolders)
        let emulator = try await PBXEmulator.start(settings)
        console.line(
            "There is \(familyOption.maker) at \(emulator.url), its voicemail "
                + "\(speech.map { "from \($0)" } ?? "made up").\n")

        let status: ExitStatus
        do {
            status = try await sync(from: emulator, settings, on: console)
            try await emulator.stop()
        } catch {
            try? await emulator.stop()
            throw error
        }
        guard status == .success || status == .itemsNeedAttention else { return status }
        try await restoreOne(settings.mailboxes, on: console)
        whereToLook(on: console)
        return .success
    }

    private var archivePath: String { "\(folder)/archive" }

    private func sync(
        from emulator: PBXEmulator, _ settings: EmulatorConfiguration, on console: Console
    ) async throws -> ExitStatus {
        let configuration = PBXConfiguration(
            address: try PBXAddress(emulator.url), username: settings.username,
            password: Secret(settings.password))
        var key = KeyOption()
        key.keyFile = "\(folder)/log.key"
        let archive: RecordingArchive
        do throws(ArchiveError) {
            archive = try await RecordingArchive.create(
                at: archivePath, key: key.finder, retention: .undecided)
        } catch {
            // The demo can be run again.
            guard case .exists = error else { throw error }
            archive = try await OpenedArchive.forWriting(
                archivePath, key: key, context: ArchiveContext(), console: console)
        }
        let run = SyncRun(
            archive: archive, transcoder: Transcoder(options: TranscodingOptions()), pbxName: "demo",
            timeZone: TimeZone(identifier: "Asia/Shanghai") ?? .gmt,
            retention: try archive.defaultRetention(),
            jobs: OpenFileLimit.jobs(ProcessInfo.processInfo.activeProcessorCount, files: JobsOption.files))
        let status = try await run.perform(
            configuration, selection: .all, logger: console.logger(isVerbose: false), on: console)
        try await archive.close()
        return status
    }

    /// Restores the newest recording, and compares it with what the PBX holds.
    private func restoreOne(_ mailboxes: MailboxModel, on console: Console) async throws {
        let archive = try await RecordingArchive.open(at: archivePath, access: .read)
        let page = try await archive.recordings(matching: RecordingFilter(state: .archived), limit: 1)
        guard let recording = page.recordings.first else { return }
        let restored = "\(folder)/restored.wav"
        let flac = try FileByteSource(path: archive.absolutePath(of: recording))
        let restorer = try SourceRestorer(flac)
        try RestoredFile.write(flac, StoredOriginal(restorer), to: restored, replacing: true)
        let digest = try FileByteSource(path: restored).digest()
        let original = mailboxes.extensions.lazy
            .flatMap { mailbox in
                MailboxModel.Folder.allCases.flatMap { mailboxes.messages(in: mailbox, folder: $0) }
            }
            .map { SHA256Hasher.digest(of: $0.message.audio) }
            .first { $0 == digest }
        guard original != nil else {
            throw Failure(
                .internalFault, "The restored file differs from the original on the PBX; please report it.")
        }
        console.line(
            """

            Restored \(archive.absolutePath(of: recording))
                  to \(restored): \(Quantities.size(restorer.size)), the same bytes as on the PBX,
             SHA-256 \(digest)
            """)
    }

    private func whereToLook(on console: Console) {
        // As the person has just called it: what was built here need not be on the PATH.
        let program = CommandLine.arguments.first ?? "voxkeep"
        console.line(
            """

            Where to look next:
              \(program) list --archive \(archivePath)
              \(program) status --archive \(archivePath)
              \(program) verify --deep --archive \(archivePath)
              \(program) inspect \(folder)/restored.wav
              ls -R \(archivePath)/quarantine
                what could not be decoded, each with its report
              \(program) emulate-pbx
                a PBX of your own to sync from
            """)
    }
}
