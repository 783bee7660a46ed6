internal import DurableFiles

/// A look at what an archive or a replica has beside its recordings, for what is there and may not be read.
///
/// Whoever goes by a file that is kept from them would tell of damage, which says nothing of what the file holds.
struct AccessCheck {
    let layout: ArchiveLayout
    /// The replica that is looked at; nil for the archive itself.
    let replica: String?
    let operations: any FileOperations

    /// Names what may not be read.
    func run(_ report: (ArchiveFinding) -> Void) {
        for name in ArchiveLayout.names.sorted() where !Self.elsewhere.contains(name) {
            let path = layout.absolute(name)
            if ArchiveLayout.isFolder(name) { look(into: path, report) } else { look(at: path, report) }
        }
    }

    /// Of recordings, and of what is under way, others tell.
    private static let elsewhere: Set = ["recordings", "quarantine", "incoming", "lost+found"]

    private func look(into folder: String, _ report: (ArchiveFinding) -> Void) {
        guard FileForm.isFolder(at: folder, operations) else { return }
        do throws(FileError) {
            for name in try operations.names(inFolder: folder) {
                let path = Folder.path(folder, name)
                let status = try operations.status(of: path, followingLinks: false)
                if status?.kind == .folder { look(into: path, report) } else { look(at: path, report) }
            }
        } catch {
            if let finding = finding(error, at: folder) { report(finding) }
        }
    }

    private func look(at path: String, _ report: (ArchiveFinding) -> Void) {
        if let finding = finding(at: path) { report(finding) }
    }

    /// What is told of a file that may not be read; nil of one that may be, and of what is none.
    func finding(at path: String) -> ArchiveFinding? {
        do throws(FileError) {
            _ = try operations.contents(of: path, at: 0, count: 1)
            return nil
        } catch {
            return finding(error, at: path)
        }
    }

    /// What is told of a file or a folder of which an error tells that it may not be read; nil for any other error.
    func finding(_ error: FileError, at path: String) -> ArchiveFinding? {
        guard error.kind == .notPermitted else { return nil }
        return ArchiveFinding(
            .fileUnreadable, item: path, replica: replica,
            "\(path) cannot be read, which says nothing of what it holds (\(error))")
    }
}
