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
    /// Recordings whose files the catalog does not know, which was told already.
    var orphans: Set<String> = []

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        for state in Recording.State.allCases {
            try sweep(ArchiveLayout.folderName(of: state), state, report)
        }
        try sweepRoot(report)
        for name in try names(in: layout.incoming) {
            let path = Folder.path(layout.incoming, name)
            // What is on its way to a replica is told as what the replica lacks.
            guard replica == nil else { continue }
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
            switch try kind(of: path) {
            case .folder: try sweep(path, state, report)
            // What is no file is told of by whatever should be there.
            case .file, .other: files.append(name)
            // It went while the folder was read.
            case nil: continue
            }
        }
        if !files.isEmpty { try examine(files, in: folder, state, report) }
    }

    /// What there is at a path; a symbolic link is not followed, since what it leads to is not the archive's.
    private func kind(of path: String) throws(ArchiveError) -> FileStatus.Kind? {
        if SymbolicLink.isAt(layout.absolute(path)) { return .other }
        return try RecordingArchive.files(layout) { () throws(FileError) in
            try operations.status(of: layout.absolute(path))?.kind
        }
    }

    /// Looks for what is no part of an archive beside its folders, and in its journal.
    private func sweepRoot(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        for name in try names(in: layout.root) where !ArchiveLayout.names.contains(name) { report(stray(name)) }
        for name in try names(in: layout.journal) where name != "lock" {
            let digits = name.prefix(while: { ("0"..."9").contains($0) })
            if digits.count < 6 || name.dropFirst(digits.count) != ".jsonl" { report(stray("journal/" + name)) }
        }
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
                guard replica == nil else { continue }
                report(
                    ArchiveFinding(
                        .leaving, item: layout.absolute(path), replica: replica,
                        "\(layout.absolute(path)) was left by a run that was cut short; the next run completes it"))
            } else if try isOrphaned(name, in: folder) {
                isUnfinished = true
            } else if try belongsToErased(name, in: folder, state) {
                isUnfinished = true
                report(
                    ArchiveFinding(
                        .erasureUnfinished, item: layout.absolute(path), replica: replica,
                        "\(layout.absolute(path)) belongs to an erased recording; the next run that writes removes it"))
            } else if try catalog.readNow({ try CatalogQueries.covers($0, path) }) {
                // It was archived while the folder was read.
                isUnfinished = true
            } else {
                report(try isErased(path) ? undone(path) : stray(path))
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
        let isWrong = isUnfinished ? !expected.isSubset(of: lines) : expected.sorted() != lines.sorted()
        guard isWrong else { return }
        if replica == nil, try isRightNow(manifest, folder) { return }
        report(
            ArchiveFinding(
                .manifestDiffers, item: manifest.path, replica: replica,
                "\(manifest.path) does not list what the archive holds there; run verify --repair to write it anew"))
    }

    /// Whether a manifest lists what the catalog has by now, and what an ingest under way has added.
    private func isRightNow(_ manifest: DayManifest, _ folder: String) throws(ArchiveError) -> Bool {
        let lines = try RecordingArchive.files(layout) { () throws(FileError) in try manifest.lines() }
        let rows = try catalog.readNow { try CatalogQueries.files($0, inFolder: folder) }
        let extra = Set(lines).subtracting(rows.map { "\($0.digest)  \($0.name)" })
        guard lines.count == rows.count + extra.count, !extra.isEmpty else { return lines.count == rows.count && extra.isEmpty }
        for line in extra {
            let name = String(line.dropFirst(66))
            guard try belongsToUnfinished(name, in: folder, .archived) else { return false }
        }
        return true
    }

    /// Whether a file belongs to a recording that has lost its row: its sidecar tells.
    private func isOrphaned(_ name: String, in folder: String) throws(ArchiveError) -> Bool {
        guard !orphans.isEmpty else { return false }
        let stem = name.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? name
        for suffix in [".json", ".record.json"] {
            let path = Folder.path(layout.absolute(folder), stem + suffix)
            if let sidecar = try? Sidecar.read(path, operations), orphans.contains(sidecar.id) { return true }
        }
        return false
    }

    /// Whether a file has the bytes of a recording that was erased.
    private func isErased(_ path: String) throws(ArchiveError) -> Bool {
        guard try kind(of: path) == .file else { return false }
        if let sidecar = try? Sidecar.read(layout.absolute(path), operations) {
            return try catalog.readNow { try Tombstone.with(id: sidecar.id, $0) } != nil
        }
        guard try catalog.readNow({ try Tombstone.isAny($0) }),
            let digest = try? FileDigest.of(layout.absolute(path))
        else { return false }
        return try catalog.readNow { try Tombstone.isAny($0, digest: digest.hexadecimal) }
    }

    private func undone(_ path: String) -> ArchiveFinding {
        ArchiveFinding(
            .erasureUndone, item: layout.absolute(path), replica: replica,
            "\(layout.absolute(path)) is of a recording that was erased, and is there again; find out where it comes "
                + "from, and remove it")
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
        if try catalog.readNow({ try Removal.covers(path, place: replica ?? "", $0) }) { return true }
        // A catalog that was made anew has forgotten it; the sidecar, which goes last, tells.
        let suffixes = [".record.json", ".json", "." + ArchiveLayout.pathExtension(of: state)]
        guard let suffix = suffixes.first(where: path.hasSuffix) else { return false }
        let file = path.dropLast(suffix.utf8.count) + "." + ArchiveLayout.pathExtension(of: state)
        let beside = layout.absolute(Sidecar.path(of: file, state))
        guard let sidecar = try? Sidecar.read(beside, operations), sidecar.path == file else { return false }
        return try catalog.readNow { try Tombstone.with(id: sidecar.id, $0) } != nil
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
