internal import AuditTrail
public import DurableFiles

/// The audit trail of an archive or a replica, line by line in the order in which things happened.
///
/// It needs neither catalog nor key, writes nothing, and takes memory for one line. Each line is held against its entry, and
/// each `access` line against the lines that it binds; whether the entries are those of the log is for a verification.
public struct AuditWalk: Sendable {
    private var reader: JournalReader

    /// Begins at the first line.
    ///
    /// - Parameters:
    ///   - path: The folder of the archive or replica.
    ///   - operations: The system calls.
    /// - Throws: `ArchiveError`.
    public init(
        at path: String, operations: any FileOperations = FileSystem.posix
    ) throws(ArchiveError) {
        let layout = ArchiveLayout(root: RecordingArchive.absolute(path))
        guard try RecordingArchive.describe(layout, operations, needsCatalog: false) != nil else {
            throw .missing(path: layout.root)
        }
        try JournalGuard.check(layout, applied: .start, operations)
        do throws(JournalError) {
            reader = try JournalReader(of: layout, operations: operations)
        } catch {
            throw .journal(error)
        }
    }

    /// The next line; nil at the end.
    ///
    /// - Returns: The line.
    /// - Throws: `ArchiveError`: `journal` where a line is not what was written.
    public mutating func next() throws(ArchiveError) -> AuditLine? {
        let entries = reader.position.entries
        do throws(JournalError) {
            guard let line = try reader.next() else { return nil }
            return AuditLine(line, entry: line.entry == nil ? nil : entries)
        } catch {
            throw .journal(error)
        }
    }
}
