internal import AuditTrail
public import DurableFiles
internal import TransparencyLog

/// A file that holds nothing, and that gives way when the disk is full, so that what must go can be erased even then.
///
/// An erasure writes before it frees anything: lines, the log, the catalog and its log of changes.
enum DiskReserve {
    /// What an erasure was measured to need beyond what it frees, in bytes, several times over.
    static let size = 1 << 20

    /// Makes the reserve where there is none, or a part of one.
    ///
    /// - Throws: `FileError`, where there is no room for one.
    static func fill(_ layout: ArchiveLayout, _ operations: any FileOperations) throws(FileError) {
        guard try !isThere(layout, operations) else { return }
        try PendingFile.writeFile(
            bytes, to: layout.reserve, replacing: true, temporaryFolder: layout.incoming,
            permissions: 0o600, operations: operations)
    }

    /// Whether there is a whole one; not where something else is in its place.
    static func isThere(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(FileError) -> Bool {
        let status = try operations.status(of: layout.reserve, followingLinks: false)
        return status?.kind == .file && status?.size == Int64(size)
    }

    /// Removes the reserve.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: `FileError`.
    static func giveUp(_ layout: ArchiveLayout, _ operations: any FileOperations) throws(FileError) -> Bool {
        guard let status = try operations.status(of: layout.reserve, followingLinks: false),
            status.kind == .file
        else { return false }
        try operations.remove(layout.reserve)
        // Some file systems have the blocks for others only when the disk has the change.
        try operations.synchronizeFolder(layout.root)
        return true
    }

    /// What no file system stores in less: they compress no more than a part of this size at a time.
    private static var bytes: [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var part: [UInt8] = []
        while part.count < 1 << 17 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            for shift in stride(from: 0, to: 64, by: 8) {
                part.append(UInt8(truncatingIfNeeded: state >> shift))
            }
        }
        var bytes: [UInt8] = []
        while bytes.count < size { bytes += part }
        return bytes
    }
}

extension RecordingArchive {
    /// Gives up the reserve that an archive has for a full disk, where that is why something could not be erased.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - error: What kept it from being erased.
    ///   - operations: The system calls.
    /// - Returns: Whether there is room now that was not there before.
    public static func givesUpReserve(
        at path: String, after error: any Error, _ operations: any FileOperations = FileSystem.posix
    ) -> Bool {
        guard (error as? ArchiveError)?.isFullDisk == true else { return false }
        return (try? DiskReserve.giveUp(ArchiveLayout(root: absolute(path)), operations)) == true
    }

    /// Makes the reserve anew where there is room for it.
    func fillReserve() {
        // Without one, all but an erasure on a full disk goes on as with one; a verification tells.
        try? DiskReserve.fill(layout, operations)
    }
}

extension ArchiveError {
    /// Whether the disk is full, or a quota used up.
    var isFullDisk: Bool {
        switch self {
        case .file(let error), .journal(.file(let error)), .log(.file(let error)), .signing(.file(let error)):
            error.kind == .noSpace
        default: false
        }
    }
}
