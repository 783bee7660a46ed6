internal import ArgumentParser
internal import AuditTrail
internal import RecordingArchive

/// `voxkeep audit`.
struct AuditCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Shows who did what in an archive, when and why, in the order in which it happened.",
        discussion: """
            It reads the journal of an archive or of a replica, and needs neither catalog nor key. Names are as their \
            bearers gave them. Times are UTC. With --json each line is what the journal has of the event, with the \
            index of its entry in the transparency log; verify holds the two against each other.

            Events: \(AuditLine.events.joined(separator: ", ")), which binds those that have no entry of their own, and \
            \(AuditLine.foreign): a line that was made without the archive's key, of which nothing but its number is shown, \
            since it does not count.

            Examples:
              voxkeep audit --archive A --since 2026-01-01 --event erase --event refused
              voxkeep audit --archive A --record 1a2b3c --json


            """ + ExitStatus.explanation)

    @Option(help: ArgumentHelp("The folder of an archive or a replica.", valueName: "folder"))
    var archive: String

    @Option(
        help: ArgumentHelp(
            "Only what happened then or later: 2026-01-05, or 2026-01-05T09:00:00Z.", valueName: "date"),
        transform: MomentOption.seconds)
    var since: Int64?

    @Option(
        help: ArgumentHelp("Only what happened earlier.", valueName: "date"), transform: MomentOption.seconds)
    var before: Int64?

    @Option(
        name: .customLong("event"),
        help: ArgumentHelp("Only events of this kind; repeat it for several.", valueName: "name"),
        transform: Self.event)
    var events: [String] = []

    @Option(
        name: .customLong("actor-is"),
        help: ArgumentHelp("Only what this person did, however the name was written.", valueName: "name"),
        transform: Self.person)
    var person: Person?

    @Option(
        help: ArgumentHelp(
            "Only what is about this recording and its holds, also when it is erased: its id, or the first digits, at "
                + "least six.",
            valueName: "id"))
    var record: String?

    @OptionGroup var outputOptions: OutputOptions

    private static func event(_ name: String) throws -> String {
        let names = AuditLine.events + [AuditLine.foreign]
        guard names.contains(name) else {
            throw ValidationError(
                "there is no event \(name.printable); there are \(names.joined(separator: ", ")).")
        }
        return name
    }

    func validate() throws {
        if let since, let before, before <= since {
            throw ValidationError("--before takes a later moment than --since.")
        }
        guard !archive.isEmpty else { throw ValidationError("--archive takes a folder, not an empty name.") }
        if let record { try RecordingID.check([record]) }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        var walk = try AuditWalk(at: archive)
        var filter = AuditFilter(since: since, before: before, events: Set(events), person: person)
        if let record { try await Self.find(record, in: archive, &filter) }
        do {
            let count = try Self.show(&walk, &filter, on: console)
            console.note("\(Quantities.count(count, "event")).")
            return .success
        } catch let error as ArchiveError {
            // Nothing is written here, so whatever is wrong with the journal is a lack of input.
            throw Failure(.noInput, Failure(describing: error).description)
        }
    }

    private static func person(_ name: String) throws -> Person {
        guard let person = Person(name) else {
            throw ValidationError("Nothing can be seen of the name; give it as the trail has it.")
        }
        return person
    }

    private static func show(
        _ walk: inout AuditWalk, _ filter: inout AuditFilter, on console: Console
    ) throws -> Int {
        var count = 0
        while let line = try walk.next() {
            try Task.checkCancellation()
            guard filter.passes(line) else { continue }
            // Nobody reads on; what remains would be work for nothing.
            if console.lostOutput != nil { break }
            count += 1
            console.row(json: line.json)
            console.line(text(of: line))
        }
        return count
    }

    /// Sets the conditions that make a filter let through what is about a recording.
    private static func find(_ record: String, in path: String, _ filter: inout AuditFilter) async throws {
        if let archive = try? await RecordingArchive.open(at: path, access: .read) {
            let whole = try await RecordingID.resolve(record, in: archive)
            filter.record = whole
            filter.holds = Set(try await archive.holds(on: whole).map(\.id))
        } else {
            guard record.utf8.count == RecordingID.length else {
                throw Failure(
                    .noInput,
                    "There is no catalog at \(path.printable) to find a recording by its first digits; give all "
                        + "\(RecordingID.length) of them.")
            }
            filter.record = record.lowercased()
        }
    }

    private static func text(of line: AuditLine) -> String {
        // Neither actor nor time of it are to be believed.
        if line.foreignness != nil { return "\(line.event) \(line.sentence.text)" }
        let actor = line.actor.printable
        return
            "\(HoldRow.time(line.at)) \(actor.count > 10 ? actor : actor.fitted(to: 10)) \(line.event.printable) "
            + line.sentence.text
    }
}
