internal import DurableFiles

/// Looks whether others write to an archive, without being in their way.
struct WriterWatch: Sendable {
    /// What can be seen of writers at one moment; it changes with whatever they do.
    struct State: Sendable, Equatable {
        /// Another process that has the archive's lock.
        let holder: FolderLock.Holder?
        /// What whoever had the lock last has left in it.
        fileprivate let lastHolder: [UInt8]?
        /// The segments of the journal, and the size of the last one.
        fileprivate let segments: Int
        fileprivate let size: Int64?
        /// The catalog's file, which may be replaced by another.
        fileprivate let catalog: FileIdentity?
        /// The size of its log of changes.
        fileprivate let changes: Int64?

        /// Whether nobody is about.
        var isQuiet: Bool { holder == nil }
    }

    let layout: ArchiveLayout
    let operations: any FileOperations

    /// What can be seen now; what cannot be examined is seen at no time.
    var state: State {
        let holder = (try? FolderLock.holder(of: layout.lock, operations: operations)) ?? nil
        let segments = (try? operations.names(inFolder: layout.journal)) ?? []
        let last = segments.last { $0.hasSuffix(".jsonl") }
        return State(
            // What this process does itself, it knows.
            holder: holder?.process == TemporaryName.currentProcess ? nil : holder,
            lastHolder: (try? operations.contentsIfThere(of: layout.lock, limit: 32)) ?? nil,
            segments: segments.count,
            size: last.flatMap { try? operations.status(of: Folder.path(layout.journal, $0))?.size },
            catalog: (try? operations.status(of: layout.catalog))?.identity,
            changes: (try? operations.status(of: layout.catalog + "-wal"))?.size)
    }
}
