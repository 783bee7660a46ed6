internal import ArgumentParser
internal import RecordingArchive

/// `voxkeep retain`.
struct RetainCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "retain",
        abstract: "Keeps recordings longer, or says when the event was that their retention counts from.",
        discussion: """
            A retention can only be extended: where one of the recordings would be kept shorter, none is changed, and \
            the audit trail says so. One from an event, such as event+10y, has no end until the event's date is set.

            Examples:
              voxkeep retain --archive A --policy 10y --reason "Contract" 1a2b3c
              voxkeep retain --archive A --event-date 2026-03-01 --reason "Ended" 1a2b3c


            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions

    @Option(
        help: ArgumentHelp(
            "How long they are kept from now on: forever, or 30d, 2w, 6m, 10y from the message's date, or event+10y.",
            valueName: "policy"),
        transform: RetentionOption.policy)
    var policy: RetentionPolicy?

    @Option(
        name: .customLong("event-date"),
        help: ArgumentHelp("The day of the event, in UTC.", valueName: "yyyy-mm-dd"),
        transform: MomentOption.day)
    var eventDate: CalendarDate?

    @OptionGroup var reasonOption: ReasonOption
    @OptionGroup var selectionOptions: SelectionOptions
    @OptionGroup var keyOption: KeyOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard (policy == nil) != (eventDate == nil) else {
            throw ValidationError("Give either --policy or --event-date.")
        }
        if let eventDate, !(2000...2199).contains(eventDate.year) {
            throw ValidationError(
                "--event-date takes a day of the years 2000 to 2199, not \(eventDate); it can never be made an earlier one, so a "
                    + "slip would stay.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let archive = try await OpenedArchive.forChanging(archiveOptions, key: keyOption)
        let selection = try await selectionOptions.selection(in: archive)
        let reason = reasonOption.reason
        if let policy {
            let count = try await archive.extendRetention(of: selection, to: policy, reason: reason)
            try console.row(RetainRow(recordings: count, policy: policy.description, eventDate: nil))
            console.line("The retention of \(Quantities.count(count, "recording")) is \(policy) now.")
        } else if let eventDate {
            let count = try await archive.setEvent(of: selection, to: eventDate, reason: reason)
            try console.row(RetainRow(recordings: count, policy: nil, eventDate: eventDate.description))
            console.line(
                "The retention of \(Quantities.count(count, "recording")) counts from \(eventDate) now.")
        }
        return .success
    }
}

/// What `retain --json` prints.
private struct RetainRow: Encodable {
    let recordings: Int
    let policy: String?
    let eventDate: String?
}
