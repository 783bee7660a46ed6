internal import DurableFiles

/// A walk over the files below a folder of an archive or a replica, in the order of their names.
enum FolderWalk {
    /// Visits the relative path of each file; temporary names are passed over.
    static func files(
        below folder: String, in layout: ArchiveLayout, _ operations: any FileOperations,
        _ visit: (String) throws -> Void
    ) throws {
        guard try operations.status(of: layout.absolute(folder)) != nil else { return }
        for name in try operations.names(inFolder: layout.absolute(folder))
        where TemporaryName.process(of: name) == nil {
            let path = Folder.path(folder, name)
            switch try operations.status(of: layout.absolute(path))?.kind {
            case .folder: try files(below: path, in: layout, operations, visit)
            case .file: try visit(path)
            default: break
            }
        }
    }
}
