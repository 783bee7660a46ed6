public import DurableFiles

/// A folder that holds recordings, sources in quarantine, and the catalog of both.
///
/// ```
/// archive.json      format version, id
/// catalog.sqlite    one row for each recording
/// lock              held by the one writer
/// recordings/       <pbx>/<yyyy>/<mm>/<dd>/<name>.flac
/// quarantine/       <pbx>/<yyyy>/<mm>/<dd>/<name>.wav with its report <name>.json
/// incoming/         files that are still being written
/// ```
///
/// A file is on the disk, under its final name, before its row is committed; so a row always has its file. A file
/// without a row is what a killed run left, and is recognized when the same message comes again.
///
/// Any number of readers may have an archive open, also while one process writes to it.
public actor RecordingArchive {
    /// What an archive is opened for.
    public enum Access: Sendable, Hashable {
        /// To list and read; nothing is created or changed.
        case read
        /// To add; one process at a time.
        case write
    }

    /// The archive's folder, as an absolute path.
    public nonisolated let path: String

    /// 32 hexadecimal digits that tell this archive and its copies from others.
    public nonisolated let id: String

    nonisolated let layout: ArchiveLayout
    nonisolated let operations: any FileOperations
    nonisolated let catalog: Catalog
    var lock: FolderLock?

    /// The folders whose names are known to be on the disk.
    var durableFolders: Set<String> = []

    /// Why nothing more is written, once the catalog has failed.
    var failure: ArchiveError?

    init(
        layout: ArchiveLayout, id: String, catalog: Catalog, lock: consuming FolderLock?,
        operations: any FileOperations
    ) {
        self.path = layout.root
        self.id = id
        self.layout = layout
        self.catalog = catalog
        self.lock = lock
        self.operations = operations
    }

    var isWritable: Bool { lock != nil }

    /// Closes the catalog and lets the lock go; nothing can be read or added afterwards.
    ///
    /// An archive that is merely dropped, or whose process dies, loses nothing by it.
    ///
    /// - Throws: `ArchiveError`, when a read is still going on.
    public func close() throws(ArchiveError) {
        try catalog.close()
        lock = nil
    }

    /// A name in `incoming/` that is not in use, for a file that is to be written and then added.
    ///
    /// What is left there is removed when the archive is next opened for writing.
    public nonisolated func temporaryPath() -> String {
        Folder.path(layout.incoming, TemporaryName.next())
    }

    /// Begins a file in `incoming/`.
    ///
    /// - Returns: A file to be written and then added.
    /// - Throws: `FileError`.
    public nonisolated func makePendingFile() throws(FileError) -> PendingFile {
        try PendingFile(inFolder: layout.incoming, operations: operations)
    }

    /// The absolute path of a recording's file.
    public nonisolated func absolutePath(of recording: Recording) -> String {
        layout.absolute(recording.path)
    }
}
