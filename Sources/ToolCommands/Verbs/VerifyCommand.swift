internal import ArgumentParser
internal import Foundation
internal import RecordingArchive

/// `voxkeep verify`.
struct VerifyCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves that an archive and its copies hold what was archived, and names each difference.",
        discussion: """
            Log, journal, catalog, files and copies are held against one another. Nothing is written and no key is \
            needed, unless --record or --repair is given. With filters only the recordings that they \
            choose are looked at, and no search is made for files and rows that belong to nothing.

            Work that an earlier run left and the next one completes is told, but is no damage. The exit code is 1 \
            when there is damage. What looks wrong beside a writer is looked at again; where that does not settle it, the \
            exit code is 75.

            Examples:
              voxkeep verify --archive /srv/voicemail
              voxkeep verify --archive /srv/voicemail --deep --budget 2h
              voxkeep verify --archive /srv/voicemail --repair


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions
    @OptionGroup(title: "Filters") var filterOptions: FilterOptions

    @Flag(help: "Decode every FLAC file, check its MD5, and rebuild the original to compare its SHA-256.")
    var deep = false

    @Option(
        help: ArgumentHelp(
            "Stop after this time, such as 30s, 10m or 2h, and say how to go on.", valueName: "time"),
        transform: BudgetOption.duration)
    var budget: Duration?

    @Option(help: ArgumentHelp("Go on where an earlier run stopped.", valueName: "entry"))
    var resume: UInt64 = 0

    @Option(
        name: .customLong("verifier-key"),
        help: ArgumentHelp(
            "Trust the keys in this file, one a line, instead of those that the archive keeps.",
            valueName: "file"))
    var verifierKey: String?

    @Option(
        name: .customLong("tsa-ca"),
        help: ArgumentHelp(
            "Trust the time-stamp authorities in this PEM file, instead of those that the archive keeps.",
            valueName: "file"))
    var authorities: String?

    @Option(
        name: .customLong("replica"),
        help: ArgumentHelp(
            "A copy of the archive to hold it against, or to bring things back from, beside those that it knows of; may be "
                + "given more than once.", valueName: "folder"))
    var replicas: [String] = []

    @Flag(help: "Add the result to the audit trail and the log; needs the key.")
    var record = false

    @Flag(
        help:
            "Bring back what is damaged, from a copy that proves to be right, and bring copies up to date; needs the key."
    )
    var repair = false

    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard verifierKey?.isEmpty != true else {
            throw ValidationError("--verifier-key takes a file, not an empty name.")
        }
        guard !replicas.contains("") else {
            throw ValidationError("--replica takes a folder, not an empty name.")
        }
        guard !repair || (resume == 0 && budget == nil) else {
            throw ValidationError("--repair looks at the whole archive; leave out --budget and --resume.")
        }
    }

    /// How often what a repair brings back is looked at and gone on with.
    private static let mostRepairs = 4

    func perform(on console: Console) async throws -> ExitStatus {
        if let verifierKey, !FileManager.default.isReadableFile(atPath: verifierKey) {
            throw Failure(
                .noInput, "There is no file of verifier keys at \(verifierKey.printable); check the path.")
        }
        var plan = VerificationPlan()
        let filter = filterOptions.filter()
        if filter != RecordingFilter() { plan.filter = filter }
        if deep { plan.restoring = DeepVerification.restore }
        plan.start = resume
        plan.verifierKeys = verifierKey.map { URL(filePath: $0).path }
        let run = VerificationRun(
            path: archiveOptions.archive, context: archiveOptions.context, key: keyOption, plan: plan,
            budget: budget, replicas: replicas, console: console,
            authorities: try authorities.map(AuthorityFile.read))
        if record || repair { try await run.requireKey() }
        var result = try await run.verify()
        if repair {
            // What is brought back shows what hung on it.
            for _ in 1...Self.mostRepairs where !result.repairable.isEmpty && !result.wasInterrupted {
                let repairable = result.repairable
                guard try await run.repair(result.findings) > 0 else { return .itemsNeedAttention }
                console.note("What was brought back is verified:")
                result = try await run.verify(isRepaired: true)
                if result.repairable == repairable { break }
            }
        }
        if record, !result.wasInterrupted { try await run.record(result.summary) }
        if result.summary.damage > 0 { return .itemsNeedAttention }
        return result.summary.unsettled > 0 ? .notSettled : .success
    }
}
