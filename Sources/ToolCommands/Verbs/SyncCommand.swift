internal import ArgumentParser
internal import Foundation
internal import Ingestion
internal import Logging
internal import PBXClient
internal import RecordingArchive
internal import Transcoding

/// `voxkeep sync`.
struct SyncCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Fetches the voicemail that an archive lacks from a PBX; run it as often as you like.",
        discussion: """
            A message is identified by PBX, extension, date, caller and length as listed, and by its audio's SHA-256; \
            nothing is fetched or stored twice. What cannot be decoded goes to the archive's quarantine with its report.

            """ + ExitStatus.explanation)

    @OptionGroup(title: "PBX") var pbxOptions: PBXOptions

    @Option(
        name: .customLong("pbx-name"),
        help: ArgumentHelp(
            "The PBX's name in the archive; by default the one that it has there, and for a new one its serial number, or "
                + "host and port. Another name makes every message a new one.",
            valueName: "name"))
    var pbxName: String?

    @Option(
        name: .customLong("timezone"),
        help: ArgumentHelp(
            "The zone that the PBX's clock shows, e.g. Asia/Shanghai; by default this machine's.",
            valueName: "zone"))
    var timeZone: String?

    @Option(
        name: .customLong("date-order"),
        help: ArgumentHelp(
            "What comes first where the PBX lists dates such as 03/04/2026: dmy, the day, or mdy, the month. Without it such a "
                + "date is none.",
            valueName: "order"),
        transform: SyncCommand.dateOrder)
    var dateOrder: DateOrder?

    @Option(help: ArgumentHelp("The archive's folder; init makes one.", valueName: "folder"))
    var archive: String

    @Option(
        help: ArgumentHelp(
            "How long the recordings are kept: forever, or 30d, 2w, 6m, 10y from the message's date, or event+10y from "
                + "an event; by default what init was told.",
            valueName: "policy"),
        transform: RetentionOption.policy)
    var retention: RetentionPolicy?

    @Option(
        name: .customLong("replica"),
        help: ArgumentHelp(
            "A folder on another disk for a second copy; it is remembered, and may be given more than once.",
            valueName: "folder"))
    var replicas: [String] = []

    @OptionGroup var actorOption: ActorOption
    @OptionGroup var keyOption: KeyOption

    @OptionGroup(title: "Leveling") var leveling: LevelingOptions
    @OptionGroup var jobsOption: JobsOption
    @OptionGroup var outputOptions: OutputOptions

    @Flag(name: .shortAndLong, help: "Tell of every repetition and renewal on standard error.")
    var verbose = false

    func validate() throws {
        if let timeZone, TimeZone(identifier: timeZone) == nil {
            throw ValidationError("There is no time zone \(timeZone); use a name such as Asia/Shanghai.")
        }
        guard pbxName?.isEmpty != true else {
            throw ValidationError("--pbx-name takes a name that is not empty.")
        }
    }

    private static func dateOrder(_ text: String) throws -> DateOrder {
        guard let order = DateOrder(rawValue: text.lowercased()) else {
            throw ValidationError("There is no date order \(text); use dmy or mdy.")
        }
        return order
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let configuration = try pbxOptions.configuration()
        for warning in configuration.warnings { console.alert("WARNING: \(warning).") }
        let archive = try await OpenedArchive.forWriting(
            archive, key: keyOption, context: actorOption.context, console: console)
        for replica in replicas { try await archive.addReplica(replica) }
        let run = SyncRun(
            archive: archive, transcoder: Transcoder(options: leveling.transcoding),
            pbxName: pbxName,
            timeZone: timeZone.flatMap(TimeZone.init(identifier:)) ?? .current, dateOrder: dateOrder,
            retention: try retention ?? archive.defaultRetention(),
            jobs: jobsOption.possible)
        let status = try await run.perform(
            configuration, selection: pbxOptions.selection, logger: console.logger(isVerbose: verbose),
            on: console)
        // Leaves the catalog as one file, which can be read from a read-only disk.
        try await archive.close()
        return status
    }
}
