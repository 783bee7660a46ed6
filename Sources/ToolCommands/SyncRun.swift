internal import Foundation
internal import Ingestion
internal import Logging
internal import PBXClient
internal import PCM
internal import RecordingArchive
internal import Transcoding
internal import WaveFiles

/// One sync with its output: a line for each message, a progress bar, and a summary.
struct SyncRun: Sendable {
    let archive: RecordingArchive
    let transcoder: Transcoder
    /// The PBX's name in the archive; nil where nobody gives one.
    let pbxName: String?
    let timeZone: TimeZone
    var dateOrder: DateOrder?
    let retention: RetentionPolicy
    let jobs: Int

    func perform(
        _ configuration: PBXConfiguration, selection: MailboxSelection, logger: Logger, on console: Console
    ) async throws -> ExitStatus {
        let (summary, name) = try await PBXSession.withSession(configuration, logger: logger) { session in
            let (name, box): (String, PBXBox)
            do {
                (name, box) = try await PBXNaming(session: session, archive: archive)
                    .name(pbxName, listing: selection)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                return (SyncSummary(abortedBy: error), "")
            }
            let sync = MailboxSync(
                session: session, archive: archive, transcoder: transcoder, pbxName: name, box: box,
                timeZone: timeZone, dateOrder: dateOrder, retention: retention, jobs: jobs)
            let progress = SyncProgress(console: console, pbxName: name)
            let summary = await sync.run(selection) { progress.note($0) }
            progress.end()
            return (summary, name)
        }
        let areCopied = try await ReplicationRun(archive: archive, console: console).perform()
        // A PBX that has not listed anything leaves nothing to sum up.
        if summary.listed > 0 || summary.abortedBy == nil { console.note(Self.text(of: summary)) }
        if summary.implausiblyDated > 0 {
            console.alert(
                "\(Quantities.count(summary.implausiblyDated, "message")) came with a date before 2000 or days ahead; each is "
                    + "kept undated, its retention from creation counted from today. Set the clock of \(name.printable)."
            )
        }
        if summary.unorderedDates > 0 {
            console.alert(
                "\(Quantities.count(summary.unorderedDates, "message")) came with a date in which day and month cannot be told "
                    + "apart; each is kept undated, its retention from creation counted from today. Give --date-order dmy or "
                    + "mdy for \(name.printable).")
        }
        if let error = summary.abortedBy { throw error }
        if summary.failures.contains(where: { Failure(describing: $0).status == .internalFault }) {
            return .internalFault
        }
        return summary.needsAttention || !areCopied ? .itemsNeedAttention : .success
    }

    private static func text(of summary: SyncSummary) -> String {
        var parts = ["\(summary.archived) archived"]
        if summary.salvaged > 0 { parts.append("\(summary.salvaged) of them salvaged") }
        func add(_ count: Int, _ what: String) {
            if count > 0 { parts.append("\(count) \(what)") }
        }
        add(summary.improved, "replaced by better audio")
        add(summary.quarantined, "in quarantine")
        add(summary.known + summary.alreadyArchived, "there already")
        add(summary.adopted, "there in another form")
        add(summary.repeated, "listed repeatedly")
        add(summary.failed, "failed")
        add(summary.unreadable, "more unreadable")
        add(summary.acceptedMissing, "not to be had, as is accepted")
        add(summary.missing, "missing (voxkeep missing shows them)")
        let hasStopped = summary.wasCancelled || summary.abortedBy != nil
        if hasStopped, summary.left > 0 { parts.append("\(summary.left) left") }
        let text = "\(Quantities.count(summary.listed, "message")) listed: " + parts.joined(separator: ", ")
        return summary.wasCancelled ? "Interrupted. \(text); run again for the rest." : text + "."
    }
}

/// Turns the events of a sync into lines and a progress bar.
final class SyncProgress: Sendable {
    private let console: Console
    private let pbxName: String
    private let bar: ProgressBar

    init(console: Console, pbxName: String) {
        self.console = console
        self.pbxName = pbxName
        bar = ProgressBar(on: console)
    }

    func note(_ event: SyncEvent) {
        switch event {
        case .listed(let messages, let mailboxes, let wanted):
            console.note(
                "\(pbxName.printable) lists \(Quantities.count(messages, "message")) in "
                    + "\(Quantities.count(mailboxes, "mailbox", "mailboxes")); \(wanted) to fetch.")
            bar.begin(files: wanted, bytes: nil)
        case .unreadable(let entry): console.alert("voxkeep: \(entry).".printable)
        case .missingExtension(let number):
            console.alert(
                "voxkeep: the PBX has no extension \(number.printable); the others that were named are listed."
            )
        case .finished(var item):
            switch item.outcome {
            case .failed(let error), .acceptedMissing(let error):
                item.report.error = Failure(describing: error).description
            default: break
            }
            bar.finished(bytes: item.report.size ?? 0, duration: item.report.inspection?.duration ?? 0)
            // Rows hold nothing that cannot be encoded; a failure here is a fault of ours, and is said.
            do {
                try console.row(SyncRow(item: item, pbxName: pbxName))
            } catch {
                console.alert("voxkeep: \(error)")
            }
            let line = Self.line(for: item, style: console.output)
            switch item.outcome {
            case .archived where item.report.inspection?.verdict != .salvaged, .alreadyArchived, .noBetter,
                .unchanged, .adopted, .acceptedMissing:
                console.line(line)
            default: console.problem(line)
            }
        }
    }

    func end() {
        bar.remove()
    }

    private static func line(for item: SyncItem, style: TerminalStyle) -> String {
        let listing = item.listing
        let message =
            "\(listing.extension.printable.fitted(to: 6)) \(listing.date.printable.fitted(to: 19)) from "
            + "\(listing.caller.printable.fitted(to: 16))"
        var details: [String]
        let mark: String
        switch item.outcome {
        case .archived(let replaced):
            mark = style.column(item.report.inspection?.verdict ?? .valid)
            details = [Quantities.time(item.report.inspection?.duration ?? 0)]
            if let recording = item.report.conversion?.recording {
                details.append(LevelText.of(recording.level))
            }
            if let inspection = item.report.inspection, inspection.verdict >= .flawed {
                details.append(inspection.worstFinding.printable)
            }
            if !replaced.isEmpty { details.append("in place of worse audio") }
        case .quarantined:
            mark = style.column(Verdict.rejected)
            details = [(item.report.error ?? "").printable]
        case .alreadyArchived, .unchanged:
            mark = style.dim("known".fitted(to: 8))
            details = []
        case .noBetter(let mayBeBetter):
            mark = style.dim("known".fitted(to: 8))
            details = [mayBeBetter ? "cut too, and nothing tells whose it is" : "no better audio yet"]
        case .adopted(_, let difference):
            mark = style.green("adopted".fitted(to: 8))
            details = ["listed otherwise: \(difference)"]
        case .repeated:
            mark = style.yellow("repeated".fitted(to: 8))
            details = ["its audio is listed more than once"]
        case .failed:
            mark = style.red("failed".fitted(to: 8))
            details = [(item.report.error ?? "").printable]
        case .acceptedMissing:
            mark = style.dim("accepted".fitted(to: 8))
            details = [(item.report.error ?? "").printable]
        case .missing:
            mark = style.red("missing".fitted(to: 8))
            details = ["listed no more, before it could be fetched"]
        }
        details += item.warnings.map { style.yellow($0) }
        return "\(mark) \(message)  \(details.joined(separator: "  "))"
    }
}
