internal import TransparencyLog

/// A folder is a replica from now on.
struct ReplicaAdded: ArchiveEvent {
    static let name = "replica"

    /// Absolute.
    let path: String

    init(_ path: String) { self.path = path }

    init(reading line: EventLine) throws(MalformedEvent) { path = try line.text("path") }

    var details: [CanonicalJSON.Member] { [.text("path", path)] }

    var entry: [CanonicalJSON.Member]? { nil }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.addReplica(path, at: place)
    }

    var sentence: AuditSentence { AuditSentence(particularsOf: details) }
}
