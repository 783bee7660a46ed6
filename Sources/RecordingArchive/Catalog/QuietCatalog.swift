internal import Foundation
internal import GRDB
internal import Synchronization

/// A catalog that nobody has open for writing, read without the locks and files by which SQLite tells of readers.
///
/// A writer can come at any time. It makes the companion files before it changes the catalog, so a read that ends
/// without them, and with the catalog as it was, has seen one state; any other is done again with SQLite's own locks.
final class QuietCatalog: Sendable {
    private struct Fingerprint: Equatable {
        var size: Int64
        var date: Date
    }

    private let layout: ArchiveLayout
    private let open: @Sendable () throws -> DatabaseQueue
    private let fingerprint: Fingerprint
    private let locked = Mutex<DatabaseQueue?>(nil)

    /// Looks at the catalog; nil where it has companion files.
    init?(_ layout: ArchiveLayout, open: @escaping @Sendable () throws -> DatabaseQueue) {
        guard !Self.hasCompanions(layout), let fingerprint = Self.fingerprint(layout) else { return nil }
        self.layout = layout
        self.open = open
        self.fingerprint = fingerprint
    }

    /// Whether nobody has opened it for writing since it was looked at.
    var isQuiet: Bool { !Self.hasCompanions(layout) && Self.fingerprint(layout) == fingerprint }

    /// Reads from the quiet file, or again with locks where it is no longer quiet.
    func read<Result>(_ quiet: DatabaseQueue, _ body: (Database) throws -> Result) throws -> Result {
        if locked.withLock({ $0 == nil }) {
            let result = Swift.Result { try quiet.read(body) }
            if isQuiet { return try result.get() }
        }
        let queue = try locked.withLock { queue in
            if let queue { return queue }
            let opened = try open()
            queue = opened
            return opened
        }
        return try queue.read(body)
    }

    func close() throws {
        try locked.withLock { queue in
            try queue?.close()
            queue = nil
        }
    }

    /// Whether the log of changes is missing or empty, so that the catalog's file alone is the whole catalog.
    static func hasEmptyLog(_ layout: ArchiveLayout) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: layout.catalog + "-wal")
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0 == 0
    }

    private static func hasCompanions(_ layout: ArchiveLayout) -> Bool {
        layout.catalogCompanions.contains { FileManager.default.fileExists(atPath: $0) }
    }

    private static func fingerprint(_ layout: ArchiveLayout) -> Fingerprint? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: layout.catalog),
            let size = attributes[.size] as? NSNumber, let date = attributes[.modificationDate] as? Date
        else { return nil }
        return Fingerprint(size: size.int64Value, date: date)
    }
}
