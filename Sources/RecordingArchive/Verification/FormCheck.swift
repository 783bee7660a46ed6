internal import DurableFiles

/// A look at the files and folders that an archive or a replica writes to, for something else in their place: a pipe, a link, a
/// folder where a file is to be.
///
/// What is read is told of by whoever reads it. But a link to the same bytes reads well, and what is written through it
/// lies elsewhere; and locks are only missed when somebody writes.
struct FormCheck {
    let layout: ArchiveLayout
    /// The replica that is looked at; nil for the archive itself.
    let replica: String?
    let operations: any FileOperations

    /// Names what is no file or no folder.
    ///
    /// What is in the journal's and the log's own folders under other names, and in `incoming/`, others look at.
    func run(_ report: (ArchiveFinding) -> Void) {
        for folder in ["", "journal", "log", "anchors", "listings"] {
            let place = folder.isEmpty ? layout.root : layout.absolute(folder)
            guard folder.isEmpty || FileForm.problemOfFolder(at: place, operations) == nil,
                let names = try? operations.names(inFolder: place)
            else { continue }
            for name in names where isOurs(name, in: folder) {
                check(folder.isEmpty ? name : Folder.path(folder, name), report)
            }
        }
    }

    private func isOurs(_ name: String, in folder: String) -> Bool {
        switch folder {
        case "": ArchiveLayout.names.contains(name) && name != "lost+found"
        case "log": ["checkpoint", "lock", "tile"].contains(name)
        default: true
        }
    }

    private func check(_ name: String, _ report: (ArchiveFinding) -> Void) {
        let path = layout.absolute(name)
        let isFolder = ArchiveLayout.isFolder(name)
        let problem =
            isFolder
            ? FileForm.problemOfFolder(at: path, operations) : FileForm.problem(at: path, operations)
        guard let problem else { return }
        let remedy = isFolder ? "put the folder itself in its place" : "move it away"
        report(
            ArchiveFinding(.obstructed, item: path, replica: replica, "\(path) \(problem); \(remedy)"))
    }
}
