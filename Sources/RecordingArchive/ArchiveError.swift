public import DurableFiles

/// Why an archive could not be opened, read or added to.
public enum ArchiveError: Error, Sendable, Hashable {
    /// There is no archive at the path.
    case missing(path: String)
    /// The folder holds other things, and is no archive.
    case notAnArchive(path: String)
    /// `archive.json` cannot be understood.
    case damagedDescription(path: String)
    /// A later version of the program made or changed the archive.
    case newerFormat(path: String, version: Int, supported: Int)
    /// Another process writes to the archive: the one of this number, where that is known.
    case inUse(path: String, process: Int32?)
    /// The archive is on a read-only file system, or was opened for reading.
    case readOnly(path: String)
    /// The archive has no catalog.
    case catalogMissing(path: String)
    /// The catalog is no database, or not one of ours.
    case catalogDamaged(path: String, reason: String)
    /// The database refused; after that nothing more is written.
    case catalog(path: String, reason: String)
    /// A file or a folder could not be made, read or published.
    case file(FileError)
    /// What the caller said of a file that was found under the final name, see `RecordingArchive.add`.
    case existingFile(path: String, reason: String)
}

extension ArchiveError: CustomStringConvertible {
    /// One sentence that names the archive and says what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no archive at \(path); check the path, or run sync to make one"
        case .notAnArchive(let path):
            "\(path) holds other files and is no archive; choose an empty folder, a new one, or an archive"
        case .damagedDescription(let path):
            "\(path)/archive.json is damaged; restore it from a copy of the archive"
        case .newerFormat(let path, let version, let supported):
            """
            the archive at \(path) has format \(version), and this version of voxkeep knows formats up to \
            \(supported); install a newer version
            """
        case .inUse(let path, let process?):
            "the archive at \(path) is in use by process \(process); wait until it has ended"
        case .inUse(let path, nil):
            "the archive at \(path) is in use by another process; wait until it has ended"
        case .readOnly(let path):
            "the archive at \(path) is read-only; mount it for writing or choose another one"
        case .catalogMissing(let path):
            "the archive at \(path) has lost its catalog.sqlite; run sync, which makes it anew from the files"
        case .catalogDamaged(let path, let reason):
            "the catalog of the archive at \(path) is damaged (\(reason)); remove its catalog.sqlite and run sync, "
                + "which makes it anew from the files"
        case .catalog(let path, let reason):
            "the catalog of the archive at \(path) could not be used (\(reason)); check the disk and run again"
        case .file(let error):
            error.description
        case .existingFile(let path, let reason):
            "\(path) is there already and cannot be read (\(reason)); check the disk and run again"
        }
    }
}
