internal import Digests
internal import DurableFiles

/// A look at every file of recordings and quarantine, for those that belong to nothing, and at each day's manifest.
struct FileSweep {
    let layout: ArchiveLayout
    let catalog: Catalog
    let operations: any FileOperations
    /// The replica that is looked at; nil for the archive itself.
    var replica: String?
    /// How many lines of the journal have come to this place; nil for all.
    var lines: Int?

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        for state in Recording.State.allCases {
            try sweep(ArchiveLayout.folderName(of: state), state, report)
        }
        for name in try names(in: layout.incoming) {
            let path = Folder.path(layout.incoming, name)
            report(
                ArchiveFinding(
                    .leaving, item: path, replica: replica,
                    "\(path) was left by a run that was cut short; the next run removes it"))
        }
    }

    private func sweep(
        _ folder: String, _ state: Recording.State, _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        var files: [String] = []
        for name in try names(in: layout.absolute(folder)) {
            let path = Folder.path(folder, name)
            let status = try RecordingArchive.files(layout) { () throws(FileError) in
                try operations.status(of: layout.absolute(path))
            }
            switch status?.kind {
            case .folder: try sweep(path, state, report)
            case .file: files.append(name)
            case .other: report(stray(path))
            case nil: report(stray(path))
            }
        }
        if !files.isEmpty { try examine(files, in: folder, state, report) }
    }

    private func examine(
        _ files: [String], in folder: String, _ state: Recording.State, _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        let rows = try catalog.readNow { try CatalogQueries.files($0, inFolder: folder, before: lines) }
        var known: Set = [DayManifest.name]
        for row in rows {
            let path = Folder.path(folder, row.name)
            known.insert(row.name)
            known.insert(String(Sidecar.path(of: path, state).dropFirst(folder.utf8.count + 1)))
            if state == .quarantined {
                known.insert(String(RecordingArchive.reportPath(of: path).dropFirst(folder.utf8.count + 1)))
            }
        }
        var isUnfinished = false
        for name in files where !known.contains(name) {
            let path = Folder.path(folder, name)
            if try belongsToUnfinished(name, in: folder, state) {
                isUnfinished = true
                report(
                    ArchiveFinding(
                        .leaving, item: layout.absolute(path), replica: replica,
                        "\(layout.absolute(path)) was left by a run that was cut short; the next run completes it"))
            } else if try belongsToErased(name, in: folder, state) {
                isUnfinished = true
                report(
                    ArchiveFinding(
                        .erasureUnfinished, item: layout.absolute(path), replica: replica,
                        "\(layout.absolute(path)) belongs to an erased recording; the next run that writes removes it"))
            } else {
                report(stray(path))
            }
        }
        try checkManifest(rows, folder, isUnfinished: isUnfinished, report)
    }

    private func checkManifest(
        _ rows: [(name: String, digest: String)], _ folder: String, isUnfinished: Bool,
        _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        let manifest = DayManifest(folder: layout.absolute(folder), operations: operations)
        let lines = try RecordingArchive.files(layout) { () throws(FileError) in try manifest.lines() }
        let expected = Set(rows.map { "\($0.digest)  \($0.name)" })
        // A run that was cut short may have listed its file already.
        let isWrong = isUnfinished ? !expected.isSubset(of: lines) : expected != Set(lines)
        guard isWrong else { return }
        report(
            ArchiveFinding(
                .manifestDiffers, item: manifest.path, replica: replica,
                "\(manifest.path) does not list what the archive holds there; run verify --repair to write it anew"))
    }

    /// Whether a file is part of an ingest that has an intent.
    private func belongsToUnfinished(
        _ name: String, in folder: String, _ state: Recording.State
    ) throws(ArchiveError) -> Bool {
        // What a replica has of lines that its journal lacks was being copied.
        if replica != nil, try catalog.readNow({ try CatalogQueries.covers($0, Folder.path(folder, name)) }) { return true }
        for intent in try names(in: layout.incoming) where intent.hasSuffix(".json") {
            guard let sidecar = try? Sidecar.read(Folder.path(layout.incoming, intent), operations) else { continue }
            let paths = [
                sidecar.path, Sidecar.path(of: sidecar.path, sidecar.state),
                RecordingArchive.reportPath(of: sidecar.path),
            ]
            if paths.contains(Folder.path(folder, name)) { return true }
        }
        return false
    }

    /// Whether a file is what is left of a recording that was erased.
    private func belongsToErased(
        _ name: String, in folder: String, _ state: Recording.State
    ) throws(ArchiveError) -> Bool {
        let path = Folder.path(folder, name)
        return try catalog.readNow { try Removal.covers(path, place: replica ?? "", $0) }
    }

    private func stray(_ path: String) -> ArchiveFinding {
        ArchiveFinding(
            .fileStray, item: layout.absolute(path), replica: replica,
            "\(layout.absolute(path)) belongs to no recording; find out where it comes from, and move it away")
    }

    private func names(in folder: String) throws(ArchiveError) -> [String] {
        try RecordingArchive.files(layout) { () throws(FileError) in
            guard try operations.status(of: folder) != nil else { return [] }
            return try operations.names(inFolder: folder)
        }
    }
}
