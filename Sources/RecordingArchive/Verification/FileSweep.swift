internal import AuditTrail
internal import Digests
internal import DurableFiles

/// A look at every file of recordings and quarantine, for those that belong to nothing, and at each day's manifest.
struct FileSweep {
    let layout: ArchiveLayout
    let catalog: Catalog
    let operations: any FileOperations
    /// The replica that is looked at; nil for the archive itself.
    var replica: String?
    /// How far the journal of a replica has come; nil for the archive.
    var position: JournalPosition?
    /// What the journal says of each recording; nil where it could not be gathered.
    var state: JournalState?
    /// Recordings whose rows are not to be believed, which was told.
    var wrongRows: Set<String> = []
    /// Whether neither catalog nor journal nor log tell which recordings there are.
    var isBlind = false

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        for state in Recording.State.allCases {
            try sweep(ArchiveLayout.folderName(of: state), state, report)
        }
        try sweepRoot(report)
        for name in try names(in: layout.incoming, report) {
            guard try isLeaving(name) else {
                report(stray("incoming/" + name))
                continue
            }
            let path = Folder.path(layout.incoming, name)
            report(
                ArchiveFinding(
                    .leaving, item: path, replica: replica,
                    "\(path) was left by a run that was cut short; the next run that writes there removes it")
            )
        }
    }

    /// Whether a name in `incoming/` is one of those that a run looks for there.
    private func isLeaving(_ name: String) throws(ArchiveError) -> Bool {
        let kind = try kind(of: Folder.path("incoming", name))
        // Of what is no file, only what has nothing in it is removed, and only under such a name.
        if TemporaryName.process(of: name) != nil { return kind != .folder }
        // A replica gets neither ingests nor answers by its own.
        return replica == nil && kind == .file
            && (name.wholeMatch(of: ArchiveLayout.intentName) != nil
                || name.hasSuffix(ArchiveLayout.pendingAnswerSuffix))
    }

    private func sweep(
        _ folder: String, _ state: Recording.State, _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        var files: [String] = []
        for name in try names(in: layout.absolute(folder), report) {
            let path = Folder.path(folder, name)
            switch try kind(of: path) {
            case .folder: try sweep(path, state, report)
            // What is no file is told of by whatever should be there.
            case .file, .link, .other: files.append(name)
            // A name that is no UTF-8 was read with replacements, under which there is nothing; none of ours is such.
            case nil where name.unicodeScalars.contains("\u{FFFD}"): report(stray(path))
            // It went while the folder was read.
            case nil: continue
            }
        }
        if !files.isEmpty { try examine(files, in: folder, state, report) }
    }

    private func examine(
        _ files: [String], in folder: String, _ state: Recording.State, _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        let rows = try catalog.readNow {
            try CatalogQueries.files($0, inFolder: folder, before: position?.lines)
        }.filter { !wrongRows.contains($0.id) }
        var known: Set = [DayManifest.name]
        for row in rows {
            let path = Folder.path(folder, row.name)
            known.insert(row.name)
            known.insert(Folder.name(of: Sidecar.path(of: path, state)))
            if state == .quarantined {
                known.insert(Folder.name(of: RecordingArchive.reportPath(of: path)))
            }
        }
        var isUnfinished = false
        for name in files where !known.contains(name) {
            let path = Folder.path(folder, name)
            let owner = owner(of: name, in: folder, state)
            var isTold = try belongsToWrongRow(owner)
            if !isTold { isTold = try isAhead(path) }
            if isTold {
                isUnfinished = true
            } else if try belongsToUnfinished(name, in: folder, state) {
                isUnfinished = true
                report(
                    ArchiveFinding(
                        .leaving, item: layout.absolute(path), replica: replica,
                        "\(layout.absolute(path)) was left by a run that was cut short; the next run completes it"
                    ))
            } else if try belongsToErased(path, owner) {
                isUnfinished = true
                report(
                    ArchiveFinding(
                        .erasureUnfinished, item: layout.absolute(path), replica: replica,
                        "\(layout.absolute(path)) belongs to an erased recording; the next run that writes removes it"
                    ))
            } else if replica == nil, try isArchivedByNow(path) {
                // It was archived while the folder was read.
                isUnfinished = true
            } else {
                // What cannot be read belongs to nothing that is known, whatever is in it.
                let isFile = try kind(of: path) == .file
                let digest = isFile ? try? FileDigest.of(layout.absolute(path), operations) : nil
                if try !isJudged(digest, owner) {
                    isUnfinished = true
                } else {
                    var isUndone = false
                    if isFile { isUndone = try isErased(path, digest) }
                    report(isUndone ? undone(path) : stray(path))
                }
            }
        }
        try checkManifest(rows, folder, isUnfinished: isUnfinished, report)
    }

    private func checkManifest(
        _ rows: [(id: String, name: String, digest: String)], _ folder: String, isUnfinished: Bool,
        _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        let manifest = DayManifest(folder: layout.absolute(folder), operations: operations)
        if let finding = access.finding(at: manifest.path) { return report(finding) }
        let lines = try RecordingArchive.files(layout) { () throws(FileError) in try manifest.lines() }
        let expected = Set(rows.map { "\($0.digest)  \($0.name)" })
        // A run that was cut short may have listed its file already, or listed it in part.
        var isRight = expected.isSubset(of: lines)
        if !isUnfinished, isRight, expected.count == lines.count {
            isRight = try isWellFormed(manifest, lines)
        }
        guard !isRight || !isUnfinished && expected.count != lines.count else { return }
        if replica == nil, try isRightNow(manifest, folder) { return }
        report(
            ArchiveFinding(
                .manifestDiffers, item: manifest.path, replica: replica,
                "\(manifest.path) does not list what the archive holds there; run verify --repair to write it anew"
            ))
    }

    /// What there is at a path; a symbolic link is not followed, since what it leads to is not the archive's.
    private func kind(of path: String) throws(ArchiveError) -> FileStatus.Kind? {
        do throws(FileError) {
            return try operations.status(of: layout.absolute(path), followingLinks: false)?.kind
        } catch {
            // In a folder that may only be listed; of what should be there, others tell.
            guard error.kind == .notPermitted else { throw RecordingArchive.converted(error, layout) }
            return nil
        }
    }

    /// Looks for what is no part of an archive beside its folders, and in its journal.
    private func sweepRoot(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        for name in try names(in: layout.root)
        where !ArchiveLayout.names.contains(name) && TemporaryName.process(of: name) == nil {
            report(stray(name))
        }
        if replica == nil, (try? DiskReserve.isThere(layout, operations)) == false {
            report(
                ArchiveFinding(
                    .reserveMissing, item: layout.reserve,
                    "\(layout.reserve) is missing or not whole, without which nothing can be erased on a full disk; the next "
                        + "run that writes makes it where there is room"))
        }
        for name in try names(in: layout.journal) where name != "lock" {
            let digits = name.prefix { ("0"..."9").contains($0) }
            guard digits.count < 6 || name.dropFirst(digits.count) != ".jsonl",
                TemporaryName.process(of: name) == nil
            else { continue }
            report(stray("journal/" + name))
        }
    }

    /// Whether a file has a row that was not there when the folder was read.
    private func isArchivedByNow(_ path: String) throws(ArchiveError) -> Bool {
        guard wrongRows.isEmpty else { return false }
        return try catalog.readNow { try CatalogQueries.covers($0, path) }
    }

    /// Whether a manifest lists what the catalog has by now, and what an ingest under way has added.
    private func isRightNow(_ manifest: DayManifest, _ folder: String) throws(ArchiveError) -> Bool {
        let lines = try RecordingArchive.files(layout) { () throws(FileError) in try manifest.lines() }
        let rows = try catalog.readNow { try CatalogQueries.files($0, inFolder: folder) }
        let expected = Set(rows.map { "\($0.digest)  \($0.name)" })
        let extra = Set(lines).subtracting(expected)
        guard lines.count == expected.count + extra.count, try isWellFormed(manifest, lines),
            rows.allSatisfy({ !wrongRows.contains($0.id) })
        else { return false }
        for line in extra {
            guard try belongsToUnfinished(String(line.dropFirst(66)), in: folder, .archived) else {
                return false
            }
        }
        return true
    }

    /// Whether it is known that a file belongs to nothing.
    ///
    /// Where nothing tells which recordings there are, what has a sidecar may be one; and a file with the bytes of a
    /// recording is its file, though its sidecar is lost, which was told.
    private func isJudged(_ digest: Digest?, _ owner: String?) throws(ArchiveError) -> Bool {
        if owner != nil, isBlind { return false }
        guard let state, let digest else { return true }
        for record in try state.recordings(storedAs: digest) {
            if try catalog.readNow({ try CatalogQueries.recording($0, id: record) }) == nil { return false }
        }
        return true
    }

    /// Whether a file has the bytes, or is the sidecar, of a recording that was erased.
    private func isErased(_ path: String, _ digest: Digest?) throws(ArchiveError) -> Bool {
        if let sidecar = try? Sidecar.read(layout.absolute(path), operations) {
            return try catalog.readNow { try Tombstone.with(id: sidecar.id, $0) } != nil
        }
        guard let digest else { return false }
        return try catalog.readNow { try Tombstone.isAny($0, digest: digest.hexadecimal) }
    }

    private func undone(_ path: String) -> ArchiveFinding {
        ArchiveFinding(
            .erasureUndone, item: layout.absolute(path), replica: replica,
            "\(layout.absolute(path)) is of a recording that was erased, and is there again; find out where it comes "
                + "from, and remove it")
    }

    /// Whether a manifest has nothing between its lines, and the last one ends.
    private func isWellFormed(_ manifest: DayManifest, _ lines: [String]) throws(ArchiveError) -> Bool {
        let status = try RecordingArchive.files(layout) { () throws(FileError) in
            try operations.status(of: manifest.path, followingLinks: false)
        }
        return status.map(\.size) ?? 0 == lines.reduce(0) { $0 + Int64($1.utf8.count) + 1 }
    }

    /// The recording that a file says it belongs to by the sidecar beside it; nil where it is none that could be there.
    private func owner(of name: String, in folder: String, _ state: Recording.State) -> String? {
        let stem = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
        let file = Folder.path(folder, "\(stem).\(ArchiveLayout.pathExtension(of: state))")
        let path = Sidecar.path(of: file, state)
        guard let sidecar = try? Sidecar.read(layout.absolute(path), operations), sidecar.path == file,
            [file, path, RecordingArchive.reportPath(of: file)].contains(Folder.path(folder, name))
        else { return nil }
        return sidecar.id
    }

    /// Whether the catalog is wrong about a file's recording, which the journal knows; this was told.
    private func belongsToWrongRow(_ owner: String?) throws(ArchiveError) -> Bool {
        guard let owner, let state, try state.ingest(of: owner) != nil, try state.erasure(of: owner) == nil
        else {
            return false
        }
        if wrongRows.contains(owner) { return true }
        return try catalog.readNow { try CatalogQueries.recording($0, id: owner) } == nil
    }

    /// Whether a replica that is behind, which was told, has the file of a line already that it lacks.
    private func isAhead(_ path: String) throws(ArchiveError) -> Bool {
        guard replica != nil else { return false }
        return try catalog.readNow { try CatalogQueries.covers($0, path) }
    }

    /// Whether a file is part of an ingest that has an intent.
    private func belongsToUnfinished(
        _ name: String, in folder: String, _ state: Recording.State
    ) throws(ArchiveError) -> Bool {
        for intent in try names(in: layout.incoming) where intent.hasSuffix(".json") {
            guard let sidecar = try? Sidecar.read(Folder.path(layout.incoming, intent), operations) else {
                continue
            }
            let paths = [
                sidecar.path, Sidecar.path(of: sidecar.path, sidecar.state),
                RecordingArchive.reportPath(of: sidecar.path),
            ]
            if paths.contains(Folder.path(folder, name)) { return true }
        }
        return false
    }

    /// Whether a file is what is left of a recording that was erased.
    private func belongsToErased(_ path: String, _ owner: String?) throws(ArchiveError) -> Bool {
        if try catalog.readNow({ try Removal.covers(path, place: replica ?? "", $0) }) { return true }
        // A replica that has not come to the erasure yet will remove it.
        guard let position, let owner,
            let tombstone = try catalog.readNow({ try Tombstone.with(id: owner, $0) })
        else { return false }
        return tombstone.eraseEntry >= position.entries
    }

    private func stray(_ path: String) -> ArchiveFinding {
        ArchiveFinding(
            .fileStray, item: layout.absolute(path), replica: replica,
            "\(layout.absolute(path)) belongs to no recording; find out where it comes from, and move it away"
        )
    }

    private var access: AccessCheck {
        AccessCheck(layout: layout, replica: replica, operations: operations)
    }

    /// The names in a folder; none in one that may not be read, which is told.
    private func names(
        in folder: String, _ report: (ArchiveFinding) -> Void = { _ in }
    ) throws(ArchiveError) -> [String] {
        do throws(FileError) {
            // What is in its place, others tell.
            guard try operations.status(of: folder, followingLinks: false)?.kind == .folder else { return [] }
            return try operations.names(inFolder: folder)
        } catch {
            guard let finding = access.finding(error, at: folder) else {
                throw RecordingArchive.converted(error, layout)
            }
            report(finding)
            return []
        }
    }
}
