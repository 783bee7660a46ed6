internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep expire`.
struct ExpireCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "expire",
        abstract: "Erases the recordings whose retention has ended and that no hold keeps.",
        discussion: """
            A policy is only applied after a dry run has shown what it would erase. Nothing is erased while the clock \
            is behind the newest time that the archive was at work, or far ahead of the newest time stamp that anchors \
            its log. What was erased is gone for good; a tombstone stays.


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions

    @Flag(name: .customLong("dry-run"), help: "Only show what would be erased.")
    var isDryRun = false

    @OptionGroup(title: "Filter") var filterOptions: FilterOptions

    @Option(
        name: .customLong("anchor-max-age"),
        help: ArgumentHelp(
            "How far the clock may be ahead of the newest time stamp from outside: 31d (the default), 4w.",
            valueName: "span"),
        transform: MomentOption.span)
    var anchorMaxAge: Int64 = 31 * 86_400

    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        var expiry = RecordingArchive.Expiry(items: [], wereErased: false)
        var isRepeated = false
        let archive = try await OpenedArchive.forErasing(archiveOptions, key: keyOption, on: console) {
            archive in
            let witness = await AnchorWitness.newest(in: archive)
            if witness == nil, !isRepeated {
                console.note(
                    "No time stamp from outside vouches for the clock; that it is not ahead is for you to see to."
                )
            }
            // What a first attempt has come to erase is among what was due before it.
            if !isRepeated { expiry = try await archive.due(matching: filterOptions.filter()) }
            defer { isRepeated = true }
            let found = try await archive.expire(
                matching: filterOptions.filter(), isDryRun: isDryRun, witness: witness,
                tolerance: Double(anchorMaxAge))
            if !isRepeated { expiry = found }
        }
        for item in expiry.items {
            // Of an erased recording nothing more is said than stays of it.
            let recording = item.holds > 0 || isDryRun ? try await archive.recording(id: item.id) : nil
            let outcome = item.holds > 0 ? "held" : isDryRun ? "due" : "erased"
            try console.row(ExpiryRow(item, outcome: outcome))
            console.line(Self.line(item, outcome, recording, style: console.output))
        }
        for (policy, count) in expiry.policies.sorted(by: { $0.key < $1.key }) {
            console.line("\(policy): \(Quantities.count(count, "recording"))")
        }
        let (due, held) = (Quantities.count(expiry.ids.count, "recording"), expiry.held)
        let kept = held > 0 ? "; \(held) more \(held == 1 ? "is" : "are") due and held" : ""
        console.note(isDryRun ? "Dry run: \(due) would be erased\(kept)." : "\(due) erased\(kept).")
        // Also where nothing is due: a run before may have been broken off before it had reached the replicas.
        guard !isDryRun else { return .success }
        return try await ErasedRemains.remove(from: archive, on: console)
    }

    private static func line(
        _ item: RecordingArchive.Expiry.Item, _ outcome: String, _ recording: Recording?, style: TerminalStyle
    ) -> String {
        let mark = outcome.fitted(to: 6)
        let message = recording.map { recording in
            let facts = recording.facts
            return "  \((facts.date ?? facts.identity.listedDate).prefix(10).description.printable) "
                + "\(facts.identity.extension.printable.fitted(to: 6)) from \(facts.identity.caller.printable.fitted(to: 14))"
        }
        return
            "\(outcome == "held" ? style.yellow(mark) : style.red(mark)) \(item.id.prefix(RecordingID.shown))"
            + "\(message ?? "")  \(item.policy), ended \(item.untilText.prefix(10))"
    }
}

/// What `expire --json` prints for each recording.
private struct ExpiryRow: Encodable {
    let id: String
    let outcome: String
    let policy: String
    let until: String
    let holds: Int

    init(_ item: RecordingArchive.Expiry.Item, outcome: String) {
        (id, self.outcome, policy, until, holds) = (item.id, outcome, item.policy, item.untilText, item.holds)
    }
}
