internal import AuditTrail
internal import DurableFiles

/// The journal's lines that have entries, counted as the log counts them.
struct JournalTrail {
    private let layout: ArchiveLayout
    private let operations: any FileOperations
    private var reader: JournalReader?
    private var entries: UInt64 = 0
    private var hasFailed = false

    /// Lines read so far.
    private(set) var lines = 0

    /// Whether the end was reached without damage on the way.
    private(set) var isComplete = false

    init(layout: ArchiveLayout, operations: any FileOperations) {
        self.layout = layout
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
            if reader == nil { reader = try JournalReader(at: layout.journal, operations: operations) }
            guard let line = try reader?.next() else {
                isComplete = true
                return nil
            }
            lines = line.number + 1
            return line
        } catch {
            // What follows a damaged line cannot be counted; the log still tells what should be there.
            hasFailed = true
            report(ArchiveFinding(.journalDamaged, item: layout.journal, error.description))
            return nil
        }
    }
}
