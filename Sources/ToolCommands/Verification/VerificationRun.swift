internal import Anchoring
internal import DurableFiles
internal import Foundation
internal import RecordingArchive
internal import Synchronization
internal import Timestamps
internal import Transcoding
internal import TransparencyLog

/// A verification with its output: a line for each finding, a progress bar, and a summary.
struct VerificationRun: Sendable {
    /// What a verification came to.
    struct Result: Sendable {
        var summary: VerificationSummary
        var findings: [ArchiveFinding]
        var wasInterrupted: Bool

        /// What a repair can do something about.
        var repairable: Set<ArchiveFinding> {
            Set(findings.filter { $0.kind.isDamage || $0.kind == .replicaBehind })
        }
    }

    let path: String
    let context: ArchiveContext
    let key: KeyOption
    let plan: VerificationPlan
    let budget: Duration?
    /// Folders that are held against the archive beside the replicas that it knows of.
    let replicas: [String]
    let console: Console
    /// The authorities whose time stamps are believed; nil for those that the archive keeps.
    var authorities: TimestampCertificates?

    /// Makes sure that what will need the key has it, before hours have gone into a verification.
    func requireKey() async throws {
        // What is wrong with the archive, the verification tells.
        guard
            let (id, generation) = RecordingArchive.identify(at: path, replicas: replicas, context: context)
        else { return }
        let file = key.path(archiveID: id, generation: generation)
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw Failure(
                .noInput,
                "There is no signing key at \(file.printable), which --record and --repair need; name it with --key-file."
            )
        }
    }

    /// Verifies, and prints what is found.
    ///
    /// - Parameter isRepaired: Whether a repair has brought back by now what it can.
    /// - Returns: What it came to.
    /// - Throws: `ArchiveError`, or what goes wrong with the output.
    func verify(isRepaired: Bool = false) async throws -> Result {
        let findings = FindingList(console: console)
        let isThorough = plan.filter == nil && plan.start == 0
        let archive = try await BlockingPool(width: 1).run { [path, replicas, context] in
            try RecordingArchive.openForVerification(
                at: path, replicas: replicas, isThorough: isThorough, context: context)
        }
        let interruption = InterruptionFlag()
        var plan = plan
        let deadline = budget.map { ContinuousClock.now + $0 }
        plan.isOver = { interruption.isSet || deadline.map { ContinuousClock.now >= $0 } ?? false }
        plan.keysAtHand = archive.keysAtHand(key.finder)
        let generation = (try? archive.verifierKeys().count) ?? 1
        let keyPath = key.path(archiveID: archive.id, generation: max(1, generation))
        let known = archive.headsSigned(byKeyAt: keyPath)
        if known.isEmpty, let problem = archive.problem(withRecordOf: keyPath) { console.alert(problem) }
        let bar = ProgressBar(on: console)
        let statistics = try? await archive.statistics()
        let count = statistics.map { $0.archived + $0.quarantined } ?? 0
        bar.begin(files: plan.filter == nil ? count : 0, bytes: nil)
        let anchors = await AnchorCheck.run(archive, trusting: authorities)
        let looks = AnchorLooks(archive, authorities, first: anchors.findings)
        plan.anchorFindings = { looks.next() }
        let finalPlan = plan
        let summary = try await withTaskCancellationHandler {
            try await BlockingPool(width: 1).run {
                try archive.verify(finalPlan, known: known + anchors.proved.map(\.head)) {
                    findings.add($0)
                } progress: { _ in
                    bar.finished(bytes: 0, duration: 0)
                }
            }
        } onCancel: {
            interruption.set()
        }
        bar.remove()
        try await archive.close()
        if let newest = anchors.proved.last {
            let trust = anchors.isTrusted ? "" : ", by an authority that nothing vouches for: give --tsa-ca"
            console.note(
                "\(Quantities.count(anchors.proved.count, "sound time stamp")), the newest of \(newest.timeText) over "
                    + "\(newest.head.size) entries\(trust).")
        }
        let text = VerificationText(
            summary: summary, wasInterrupted: interruption.isSet, isRepaired: isRepaired)
        try console.row(VerificationRow(summary))
        for line in text.lines(style: console.diagnostics) { console.note(line) }
        return Result(summary: summary, findings: findings.all, wasInterrupted: interruption.isSet)
    }

    /// Adds the result of a verification to the audit trail and the log.
    func record(_ summary: VerificationSummary) async throws {
        let archive = try await RecordingArchive.open(
            at: path, access: .write, key: key.existingFinder,
            context: context)
        try await archive.noteVerification(summary, from: plan.start, isDeep: plan.restoring != nil)
        try await archive.close()
        console.note("The result was added to the audit trail and the log.")
    }

    /// Brings back what is damaged, and prints what was and what could not be brought back.
    ///
    /// - Returns: How many things were brought back.
    func repair(_ findings: [ArchiveFinding]) async throws -> Int {
        let console = console
        let repairs = Mutex(0)
        let key = key
        try await RecordingArchive.repair(
            findings, at: path, replicas: replicas, key: key.existingFinder, context: context
        ) { repair in
            if repair.isDone { repairs.withLock { $0 += 1 } }
            do {
                try console.row(RepairRow(repair: repair))
            } catch {
                console.alert("voxkeep: \(error)")
            }
            let mark = repair.isDone ? console.output.green("repaired") : console.output.red("not repaired")
            let text = "\(mark)  \(repair.message.printable)"
            if repair.isDone { console.line(text) } else { console.problem(text) }
        }
        return repairs.withLock { $0 }
    }
}

/// What is wrong with anchors, at each look at the archive.
private final class AnchorLooks: Sendable {
    private let archive: RecordingArchive
    private let authorities: TimestampCertificates?
    private let first: Mutex<[ArchiveFinding]?>

    init(_ archive: RecordingArchive, _ authorities: TimestampCertificates?, first: [ArchiveFinding]) {
        self.archive = archive
        self.authorities = authorities
        self.first = Mutex(first)
    }

    /// What the next look finds, the first of which was taken already; blocks the thread until it is over.
    func next() -> [ArchiveFinding] {
        let taken = first.withLock { first in
            defer { first = nil }
            return first
        }
        if let taken { return taken }
        let found = Mutex<[ArchiveFinding]>([])
        let end = DispatchSemaphore(value: 0)
        Task.detached { [archive, authorities] in
            let check = await AnchorCheck.run(archive, trusting: authorities)
            found.withLock { $0 = check.findings }
            end.signal()
        }
        end.wait()
        return found.withLock { $0 }
    }
}

/// Prints findings as they are made, and keeps them.
private final class FindingList: Sendable {
    private let console: Console
    private let findings = Mutex<[ArchiveFinding]>([])

    init(console: Console) {
        self.console = console
    }

    var all: [ArchiveFinding] { findings.withLock { $0 } }

    func add(_ finding: ArchiveFinding) {
        findings.withLock { $0.append(finding) }
        do {
            try console.row(ArchiveFindingRow(finding))
        } catch {
            console.alert("voxkeep: \(error)")
        }
        let style = console.output
        let kind = finding.kind.rawValue.fitted(to: 20)
        let line =
            "\(finding.kind.isDamage ? style.red(kind) : style.yellow(kind)) \(finding.message.printable)"
        if finding.kind.isDamage { console.problem(line) } else { console.line(line) }
    }
}
