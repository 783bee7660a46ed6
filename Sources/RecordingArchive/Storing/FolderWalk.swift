internal import DurableFiles

/// A walk over the files below a folder of an archive or a replica, in the order of their names.
enum FolderWalk {
    /// Visits the relative path of each file.
    ///
    /// Temporary names are passed over, and so is what is neither a file nor a folder: a symbolic link, which the archive
    /// never makes, can lead back to where the walk has come from.
    static func files(
        below folder: String, in layout: ArchiveLayout, _ operations: any FileOperations,
        _ visit: (String) throws -> Void
    ) throws {
        guard try operations.confirmedStatus(of: layout.absolute(folder)) != nil else { return }
        for name in try operations.names(inFolder: layout.absolute(folder))
        where TemporaryName.process(of: name) == nil {
            let path = Folder.path(folder, name)
            switch try operations.confirmedStatus(of: layout.absolute(path))?.kind {
            case .folder: try files(below: path, in: layout, operations, visit)
            case .file: try visit(path)
            default: break
            }
        }
    }
}
