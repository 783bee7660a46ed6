internal import DurableFiles

/// Something that was damaged, and whether it was brought back.
public struct ArchiveRepair: Sendable, Hashable {
    /// What differed.
    public let kind: ArchiveFinding.Kind

    /// The file, row or entry: a path where there is one, else an id or a number.
    public let item: String

    /// The replica that it is in; nil for the archive itself.
    public let replica: String?

    /// The recording that it belongs to; nil where it belongs to none.
    public let record: String?

    /// Where it was brought back from: the path of an archive or a replica, `journal` or `catalog`; of a place
    /// that was cleared, the folder; nil where it was not.
    public let source: String?

    /// One sentence that says what was done, or why it could not be.
    public let message: String

    /// Whether it was brought back.
    public var isDone: Bool { source != nil }

    init(of finding: ArchiveFinding, from source: String) {
        self.init(finding, source: source, message: "\(finding.item) was brought back from \(source)")
    }

    /// A replica that was behind has all that the archive has.
    init(updating finding: ArchiveFinding, from source: String) {
        self.init(finding, source: source, message: "\(finding.item) was brought up to date from \(source)")
    }

    /// What was in the place of a file or a folder was taken away.
    init(clearing finding: ArchiveFinding) {
        self.init(
            finding, source: Folder.parent(of: finding.item),
            message: "\(finding.item) was cleared of what was no part of the archive")
    }

    init(of finding: ArchiveFinding, impossible reason: String) {
        self.init(finding, source: nil, message: reason)
    }

    private init(_ finding: ArchiveFinding, source: String?, message: String) {
        kind = finding.kind
        item = finding.item
        replica = finding.replica
        record = finding.record
        self.source = source
        self.message = message
    }
}
