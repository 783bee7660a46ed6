internal import TransparencyLog

/// Something was made whole again, or was found to have no good copy.
///
/// No path of a file is in it: such a path has an extension and a caller in it.
struct ArchiveRepaired: ArchiveEvent {
    static let name = "repair"

    let kind: String
    let record: String?
    /// The replica that was repaired; nil for the archive.
    let replica: String?
    /// Where the good copy was.
    let source: String

    init(_ repair: ArchiveRepair) {
        kind = repair.kind.rawValue
        record = repair.record
        replica = repair.replica
        source = repair.source ?? ""
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        kind = try line.text("kind")
        record = line.value("record")?.stringValue
        replica = line.value("replica")?.stringValue
        source = try line.text("source")
    }

    var details: [CanonicalJSON.Member] {
        (entry ?? []) + [
            .init("replica", replica.map { .string($0) } ?? .null), .text("source", source),
        ]
    }

    var entry: [CanonicalJSON.Member]? {
        [.text("kind", kind), .init("record", record.map { .string($0) } ?? .null)]
    }

    var sentence: AuditSentence { AuditSentence(particularsOf: details) }
}
