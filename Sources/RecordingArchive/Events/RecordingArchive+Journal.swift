internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import Foundation
internal import GRDB
internal import TransparencyLog

extension RecordingArchive {
    /// Adds events to the journal, which makes them count, and takes them into the catalog.
    ///
    /// After a failure nothing more is written: whether the lines are on the disk is not known, and only a fresh
    /// start, which reads the journal back, tells.
    ///
    /// - Parameters:
    ///   - events: What happened.
    ///   - date: When; nil for now.
    /// - Returns: The lines, after those of others that came first.
    /// - Throws: `ArchiveError`.
    @discardableResult
    func record(
        _ events: [any ArchiveEvent], at date: Date? = nil
    ) throws(ArchiveError) -> [JournalLine] {
        try record(events.map(\.journalEvent), at: date ?? context.now(), as: context.actor)
    }

    /// Adds one event, as `record(_:at:)` adds several.
    func record(_ event: some ArchiveEvent, at date: Date? = nil) throws(ArchiveError) {
        try record([event], at: date)
    }

    /// Adds events as lines that may have been written once already, by whom and when they happened.
    @discardableResult
    func record(
        _ events: [JournalEvent], at date: Date, as actor: String
    ) throws(ArchiveError) -> [JournalLine] {
        try checkWritable()
        let context = context
        do {
            // What readers have added meanwhile comes first.
            let lines =
                try journal?.append(events, at: date, actor: actor, signer: lineSigner) {
                    context.randomNonce()
                } ?? []
            try apply(lines)
            return lines
        } catch {
            throw stop(error)
        }
    }

    /// Remembers why nothing more is written.
    func stop(_ error: any Error) -> ArchiveError {
        let reason: ArchiveError =
            switch error {
            case let error as ArchiveError: error
            case let error as JournalError: .journal(error)
            default: .catalog(path: path, reason: "\(error)")
            }
        failure = reason
        return reason
    }

    func checkWritable() throws(ArchiveError) {
        if let failure { throw failure }
        guard isWritable else { throw .readOnly(path: path) }
    }

    /// Takes into the catalog what it lacks of the journal: lines of readers, or of a run that died.
    func catchUp() throws(ArchiveError) {
        while true {
            var lines: [JournalLine] = []
            do throws(JournalError) {
                while lines.count < batchSize, let line = try journal?.next() { lines.append(line) }
            } catch {
                throw .journal(error)
            }
            guard !lines.isEmpty else { return }
            try apply(lines)
        }
    }

    nonisolated func position(_ progress: Progress) throws(ArchiveError) -> JournalPosition {
        try catalog.readNow { try Progress.position(progress, $0) }
    }

    func apply(_ lines: [JournalLine]) throws(ArchiveError) {
        guard !lines.isEmpty else { return }
        try catalog.write { database in
            var position = try Progress.position(.applied, database)
            var ledger = CatalogLedger(database: database, entries: position.entries) { record, _ in
                try self.intent(of: record)
            } answer: { recording, event in
                try Self.answer(
                    to: recording, of: event.hook, event.commitment.hexadecimal, self.layout, self.operations)
            }
            for line in lines {
                try ledger.apply(line)
                position.advance(over: line)
            }
            try Progress.set(.applied, position, database)
        }
    }

    /// Reads the lines that the catalog has taken in, in batches, from a position on.
    func forEachBatch(
        from start: JournalPosition, size: Int? = nil,
        _ body: (_ lines: [JournalLine], _ position: JournalPosition) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let end = try position(.applied)
        guard start.lines < end.lines else { return }
        let size = size ?? batchSize
        var reader: JournalReader
        do throws(JournalError) {
            reader = try JournalReader(of: layout, from: start, trusting: trust, operations: operations)
        } catch {
            throw .journal(error)
        }
        while reader.position.lines < end.lines {
            var lines: [JournalLine] = []
            do throws(JournalError) {
                while lines.count < size, reader.position.lines < end.lines, let line = try reader.next() {
                    lines.append(line)
                }
            } catch {
                throw .journal(error)
            }
            guard !lines.isEmpty else { return }
            try body(lines, reader.position)
        }
    }

    /// Reads the sidecar of an ingest that is under way; it is there until the catalog has taken the ingest in.
    private nonisolated func intent(of record: String) throws(ArchiveError) -> Sidecar {
        guard let sidecar = try Sidecar.read(layout.intent(of: record), operations) else {
            throw .catalogDamaged(path: path, reason: Self.olderCopy)
        }
        return sidecar
    }
}
