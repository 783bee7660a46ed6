internal import AuditTrail
internal import Digests
public import DurableFiles
package import Foundation
internal import TransparencyLog

/// A folder that holds recordings, sources in quarantine, what happened to them, and the catalog of all that.
///
/// ```
/// archive.json        format version, id
/// catalog.sqlite      a cache of what the journal and the sidecars say
/// lock                held by the one writer
/// reserve             room for erasures on a full disk
/// recordings/         <pbx>/<yyyy>/<mm>/<dd>/<name>.flac with its sidecar <name>.json
/// quarantine/         <pbx>/<yyyy>/<mm>/<dd>/<name>.wav with its report <name>.json and its sidecar
/// incoming/           files that are still being written
/// journal/            every event, in order; only added to
/// log/                a transparency log of the events' commitments
/// verifier-keys.txt   the keys that have signed the log
/// ```
///
/// Files are on the disk, under their final names, before the line of the journal that makes them count; the catalog
/// takes that line in afterwards, and the log its entry. Opening for writing completes what a crash cut short.
///
/// Any number of readers may have an archive open, also while one process writes to it.
public actor RecordingArchive {
    /// What an archive is opened for.
    public enum Access: Sendable, Hashable {
        /// To list and read; nothing but a line in the journal is written.
        case read
        /// To add and change; one process at a time.
        case write
    }

    /// The archive's folder, as an absolute path.
    public nonisolated let path: String

    /// 32 hexadecimal digits that tell this archive and its copies from others.
    public nonisolated let id: String

    nonisolated let pseudonymKey: Digest
    nonisolated let layout: ArchiveLayout
    nonisolated let context: ArchiveContext
    nonisolated let catalog: Catalog
    /// What a verification goes by, where the archive was opened for one.
    nonisolated let basis: VerificationBasis?
    var lock: FolderLock?

    /// What is being fetched, as the lock tells others.
    var listingsUnderWay: [ListingUnderWay] = []

    /// The journal, where the archive is open for writing.
    var journal: Journal?

    /// What is known of the keys that sign the journal.
    var trust = JournalTrust.unknown

    /// Signs the lines of the journal, where the archive is open for writing.
    var lineSigner: LineSigner?

    /// The log, where the archive is open for writing.
    var log: LogWriter?

    /// How many events or lines are taken together: what one transaction takes has to fit on the disk.
    private(set) var batchSize = 256

    /// Keys of the log that whoever opened the archive for writing has.
    var keysAtHand: [VerifierKey] = []

    /// The folders whose names are known to be on the disk.
    var durableFolders: Set<String> = []

    /// Why nothing more is written, once the journal or the catalog has failed.
    var failure: ArchiveError?

    init(
        layout: ArchiveLayout, description: ArchiveDescription, catalog: Catalog, lock: consuming FolderLock?,
        context: ArchiveContext, basis: VerificationBasis? = nil
    ) {
        self.path = layout.root
        self.id = description.id
        self.pseudonymKey = description.pseudonymKey
        self.layout = layout
        self.catalog = catalog
        self.basis = basis
        self.lock = lock
        self.context = context
    }

    /// Does with as little room on the disk as can be.
    func beSparing() throws(ArchiveError) {
        batchSize = 8
        try catalog.beSparing()
    }

    nonisolated var operations: any FileOperations { context.operations }

    var isWritable: Bool { lock != nil }

    /// Adds what is left to the log, closes the catalog and lets the lock go; nothing can be read or added afterwards.
    ///
    /// An archive that is merely dropped, or whose process dies, loses nothing by it.
    ///
    /// - Throws: `ArchiveError`, when a read is still going on or the log cannot be added to.
    public func close() throws(ArchiveError) {
        if isWritable, failure == nil { try flush() }
        log = nil
        journal = nil
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

    /// Whether a message can be from a date, now that it arrives.
    ///
    /// Where the clock is behind the newest time at which the archive was at work, it is the clock that is wrong, so that
    /// time is gone by.
    ///
    /// - Parameters:
    ///   - date: A date in ISO 8601 with its offset.
    ///   - now: What the clock says.
    /// - Returns: False also for what is no date.
    /// - Throws: `ArchiveError`.
    package nonisolated func isPlausible(_ date: String, on now: Date) throws(ArchiveError) -> Bool {
        guard let date = MessageDate(date) else { return false }
        let newest = try catalog.readNow { try Progress.text(.newestTime, $0) }.flatMap(JournalTime.init)
        let arrival = max(Int64(now.timeIntervalSince1970), (newest?.milliseconds ?? 0) / 1000)
        return date.isPlausible(on: arrival)
    }

    /// The absolute path of a recording's file.
    public nonisolated func absolutePath(of recording: Recording) -> String {
        layout.absolute(recording.path)
    }

    /// The code that stands for a text wherever the archive is quoted; only its key leads from the one to the other.
    ///
    /// - Parameters:
    ///   - kind: What the text is, so that equal texts of different kinds have different codes.
    ///   - text: Any text.
    /// - Returns: 16 hexadecimal digits.
    public nonisolated func pseudonym(of kind: String, _ text: String) -> String {
        let bytes = Array("pseudonym \(kind)\n\(text)".utf8)
        return String(
            SHA256Hasher.authenticationCode(of: bytes, key: pseudonymKey.bytes).hexadecimal.prefix(16))
    }

    /// What tells a message again after its erasure: a keyed hash over its identity, 32 hexadecimal digits.
    nonisolated func messageKey(of identity: MessageIdentity) -> String {
        ArchiveDescription.messageKey(of: identity, key: pseudonymKey)
    }
}
