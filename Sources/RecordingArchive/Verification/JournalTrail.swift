internal import AuditTrail
internal import DurableFiles

/// The journal's lines that have entries, counted as the log counts them.
struct JournalTrail {
    private let layout: ArchiveLayout
    private let trust: JournalTrust
    private let operations: any FileOperations
    private var reader: JournalReader?
    private var hasFailed = false
    /// How far the catalog has come.
    private let known: JournalPosition

    /// Entries read so far.
    private(set) var entries: UInt64 = 0

    /// Lines read so far.
    private(set) var lines = 0

    /// Whether the end was reached without damage on the way.
    private(set) var isComplete = false

    /// Whether the journal ends in part of a line.
    private(set) var isTorn = false

    init(layout: ArchiveLayout, known: JournalPosition, trust: JournalTrust, operations: any FileOperations) {
        self.trust = trust
        self.layout = layout
        self.known = known
        self.operations = operations
    }

    /// The line that has the entry of an index; entries are asked for in ascending order.
    mutating func line(ofEntry index: UInt64, report: (ArchiveFinding) -> Void) -> JournalLine? {
        while let line = next(report) {
            guard line.entry != nil else { continue }
            entries += 1
            if entries == index + 1 { return line }
        }
        return nil
    }

    mutating func readToEnd(_ report: (ArchiveFinding) -> Void) {
        while next(report) != nil {}
    }

    private mutating func next(_ report: (ArchiveFinding) -> Void) -> JournalLine? {
        guard !hasFailed, !isComplete else { return nil }
        do throws(JournalError) {
            if reader == nil {
                reader = try JournalReader(of: layout, trusting: trust, operations: operations)
            }
            guard let line = try reader?.next() else {
                isComplete = true
                for path in reader?.surplus ?? [] { report(.journalForeign(behind: path)) }
                isTorn = reader.map { $0.tornBytes > 0 } ?? false
                return nil
            }
            lines = line.number + 1
            if lines == known.lines, line.digest != known.lastLine {
                throw .changed(path: layout.journal, known: lines)
            }
            if let damage = line.damage { report(.journalForeign(line.number, damage, layout)) }
            return line
        } catch {
            // What follows a damaged line cannot be counted; the log still tells what should be there.
            hasFailed = true
            report(ArchiveFinding(.journalDamaged, item: layout.journal, error.description))
            return nil
        }
    }
}

extension ArchiveFinding {
    /// That a line of the journal was made by somebody without the archive's key.
    fileprivate static func journalForeign(
        _ line: Int, _ damage: JournalDamage, _ layout: ArchiveLayout
    ) -> ArchiveFinding {
        let path = Journal.path(ofLine: line, in: layout.journal)
        return ArchiveFinding(
            .journalForeign, item: path,
            "line \(line) of the journal, in \(path), \(damage.rawValue); it was not applied, but somebody has written into "
                + "the journal without the archive's key: find out who, and see that only you can write there"
        )
    }

    /// That a segment has more behind its last line.
    fileprivate static func journalForeign(behind path: String) -> ArchiveFinding {
        ArchiveFinding(
            .journalForeign, item: path,
            "\(path) has more behind its last line, which is no part of the journal and was not applied; somebody has "
                + "written there without the archive's key: find out who, and see that only you can write there"
        )
    }
}
