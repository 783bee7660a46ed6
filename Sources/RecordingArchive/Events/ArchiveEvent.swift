internal import AuditTrail
internal import TransparencyLog

/// Something that can happen in an archive, whole: how lines and entries tell it, what it does to a ledger, what follows
/// from it on files, and how the audit says it.
///
/// The journal decides, and everything else follows from its lines in order. An event is a type of its own that is named in
/// `ArchiveEvents.all`; nothing else in the archive asks for the name of a line.
protocol ArchiveEvent: Sendable {
    /// What lines and entries call it: a format, which never changes its meaning.
    static var name: String { get }

    /// Whether the archive was at work when it happened.
    ///
    /// By being refused, a clock that is ahead must not become the newest time.
    static var isWork: Bool { get }

    /// Reads what a line says.
    ///
    /// - Throws: `MalformedEvent` where the line lacks what one of this event has.
    init(reading line: EventLine) throws(MalformedEvent)

    /// What the line says beyond time, actor, number and nonce: whoever may read the archive may know it.
    var details: [CanonicalJSON.Member] { get }

    /// What the log is told: hashes and numbers, and nothing personal; nil for what only an access line binds.
    var entry: [CanonicalJSON.Member]? { get }

    /// Takes it into a ledger.
    func apply(to ledger: inout some Ledger, at place: EventPlace) throws

    /// What follows on files, in the archive and in each replica; each can be done any number of times.
    var effects: [FileEffect] { get }

    /// What the audit says of it.
    var sentence: AuditSentence { get }
}

extension ArchiveEvent {
    static var isWork: Bool { true }
    var effects: [FileEffect] { [] }
    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {}

    /// What the journal writes.
    var journalEvent: JournalEvent {
        var event = JournalEvent(Self.name)
        event.details = details
        event.entry = entry
        return event
    }
}

/// The events that there are.
enum ArchiveEvents {
    /// In the order in which the help of `audit` names them.
    static let all: [any ArchiveEvent.Type] = [
        KeyChanged.self, RecordingIngested.self, RecordingReplaced.self, HoldPlaced.self,
        ReleaseRequested.self,
        HoldReleased.self, RetentionChanged.self, RetentionEventSet.self, RecordingErased.self,
        RecordingsExported.self, RecordingAnswered.self, MissingAccepted.self, ArchiveVerified.self,
        ArchiveRepaired.self, LogAnchored.self, RecordingRead.self, RequestRefused.self, ExpiryRehearsed.self,
        MessagesListed.self, ListingAdopted.self, MessageRefetched.self, ReplicaAdded.self,
        SettingChanged.self,
        AccessBound.self,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The type of an event; nil for a name that this version does not know.
    static func type(named name: String) -> (any ArchiveEvent.Type)? { byName[name] }
}

extension JournalLine {
    /// What the line tells; nil for an event that this version does not know.
    ///
    /// - Throws: `MalformedEvent` where it is not of the form of its event.
    func archiveEvent() throws(MalformedEvent) -> (any ArchiveEvent)? {
        try ArchiveEvents.type(named: event)?.init(reading: EventLine(self))
    }

    /// What follows from the line on files; nothing where it is not of the form of its event.
    var effects: [FileEffect] { (try? archiveEvent())?.effects ?? [] }

    /// What the line tells, where it is of this event and of its form.
    func telling<Event: ArchiveEvent>(_ type: Event.Type) -> Event? {
        event == Event.name ? try? Event(reading: EventLine(self)) : nil
    }
}

/// Where in an archive's history something happened, when, and who did it.
struct EventPlace {
    /// The number of the line.
    let line: Int
    /// The index of the log's entry; nil where it has none.
    let entry: Int?
    let at: JournalTime
    let actor: String

    init(_ line: JournalLine, entriesBefore entries: Int) {
        self.line = line.number
        entry = line.entry == nil ? nil : entries
        at = line.at
        actor = line.actor
    }
}

/// A line that is not of the form of its event.
struct MalformedEvent: Error, CustomStringConvertible {
    /// The number of the line.
    let line: Int

    var description: String { "line \(line) of the journal is not of the form of its event" }
}
