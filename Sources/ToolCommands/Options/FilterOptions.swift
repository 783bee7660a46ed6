internal import ArgumentParser
internal import Foundation
internal import RecordingArchive
internal import WaveFiles

/// Which recordings of an archive are meant; every condition that is given must hold.
struct FilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "From this moment on: 2026-01-31, 2026-01-31T08:00 or 2026-01-31T08:00:00+01:00; local time without a zone.",
            valueName: "date"),
        transform: MomentText.unixSeconds)
    var since: Int64?

    @Option(
        help: ArgumentHelp("Before this moment, written like --since.", valueName: "date"),
        transform: MomentText.unixSeconds)
    var before: Int64?

    @Option(help: ArgumentHelp("Of the PBX of this name.", valueName: "name"))
    var pbx: String?

    @Option(help: ArgumentHelp("Of this extension.", valueName: "number"))
    var `extension`: String?

    @Option(help: ArgumentHelp("From this caller, as the PBX lists it.", valueName: "number"))
    var caller: String?

    @Option(
        name: .customLong("min-duration"),
        help: ArgumentHelp("At least as long: seconds, or 1h2m3s.", valueName: "time"),
        transform: DurationText.seconds)
    var minDuration: Int64?

    @Option(
        name: .customLong("max-duration"),
        help: ArgumentHelp("At most as long: seconds, or 1h2m3s.", valueName: "time"),
        transform: DurationText.seconds)
    var maxDuration: Int64?

    @Option(
        help: ArgumentHelp("With this verdict: valid, flawed, salvaged or rejected.", valueName: "verdict"),
        transform: FilterOptions.verdict)
    var verdict: String?

    @Option(
        help: ArgumentHelp("Where it is: archived or quarantined.", valueName: "state"),
        transform: FilterOptions.state)
    var state: Recording.State?

    @Option(
        help: ArgumentHelp(
            "Under any hold, none, or one of a case (case:NAME for a case named any or none).",
            valueName: "hold"),
        transform: FilterOptions.hold)
    var hold: HoldCondition?

    @Option(
        help: ArgumentHelp(
            "Kept how long: expired, before:DATE (the end of its retention), endless (none is known), or a policy such "
                + "as forever, 10y, event+6y.",
            valueName: "retention"),
        transform: FilterOptions.retention)
    var retention: RetentionCondition?

    @Option(
        help: ArgumentHelp(
            "With all of these words in PBX, extension, caller, file name, verdict, findings, warnings or the answers of hooks.",
            valueName: "words"),
        transform: FilterOptions.text)
    var text: String?

    /// The conditions as the archive takes them.
    func filter() -> RecordingFilter {
        RecordingFilter(
            pbx: pbx, extension: `extension`, caller: caller, since: since, before: before, verdict: verdict,
            state: state, minDuration: minDuration, maxDuration: maxDuration, hold: hold,
            retention: retention,
            text: text)
    }

    func validate() throws {
        if let since, let before, since >= before {
            throw ValidationError("--since must be earlier than --before.")
        }
        if let minDuration, let maxDuration, minDuration > maxDuration {
            throw ValidationError("--min-duration must not exceed --max-duration.")
        }
    }

    static func verdict(_ text: String) throws -> String {
        guard Verdict(rawValue: text) != nil else {
            throw ValidationError(
                "There is no verdict \(text.printable); use valid, flawed, salvaged or rejected.")
        }
        return text
    }

    private static func state(_ text: String) throws -> Recording.State {
        guard let state = Recording.State(rawValue: text) else {
            throw ValidationError("There is no state \(text.printable); use archived or quarantined.")
        }
        return state
    }

    private static func hold(_ text: String) throws -> HoldCondition {
        guard let hold = HoldCondition(text) else {
            throw ValidationError("--hold takes any, none or a case.")
        }
        return hold
    }

    private static func retention(_ text: String) throws -> RetentionCondition {
        let prefix = "before:"
        if text == "expired" { return .endsBefore(Int64(Date().timeIntervalSince1970.rounded(.down))) }
        if text.hasPrefix(prefix) {
            return .endsBefore(try MomentText.unixSeconds(String(text.dropFirst(prefix.count))))
        }
        guard let retention = RetentionCondition(text) else {
            throw ValidationError(
                "--retention takes expired, before:DATE, endless or a policy such as 10y, not \(text.printable)."
            )
        }
        return retention
    }

    private static func text(_ text: String) throws -> String {
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw ValidationError("--text takes words.")
        }
        return text
    }
}
