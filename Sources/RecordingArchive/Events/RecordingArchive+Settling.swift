internal import AuditTrail
internal import DurableFiles
internal import GRDB

extension RecordingArchive {
    /// Does to other files what the lines of the journal call for: sidecars get their new state, erased files go, what is
    /// missing is written down.
    func settle() throws(ArchiveError) {
        try forEachBatch(from: try position(.settled)) { (lines, position) throws(ArchiveError) in
            // By file: one is enough for all that a PBX has listed since.
            var listed: [String: String] = [:]
            for effect in lines.flatMap(\.effects) {
                if case .listingWritten(let pbx) = effect {
                    listed[ListingFile.name(of: pbx)] = pbx
                } else {
                    try perform(effect)
                }
            }
            for pbx in listed.values { try writeListing(of: pbx) }
            try catalog.write { try Progress.set(.settled, position, $0) }
        }
    }

    /// Does in the archive itself what follows from an event.
    private func perform(_ effect: FileEffect) throws(ArchiveError) {
        switch effect {
        case .recordingKept(let record, _):
            // The files were there before the line. A hold on what comes may have taken it in since.
            guard let recording = try catalog.readNow({ try CatalogQueries.recording($0, id: record) }),
                recording.holds > 0
            else { return }
            try writeSidecars(of: [record])
        case .recordingRemoved(let record): try removeFiles(of: record)
        case .sidecarsRewritten(let records): try writeSidecars(of: records)
        case .sidecarsOfHoldRewritten(let hold):
            try writeSidecars(of: try catalog.readNow { try Hold.members(of: hold, $0) })
        case .listingWritten(let pbx): try writeListing(of: pbx)
        // Its files were there before the line.
        case .anchorKept: break
        }
    }

    /// Gives sidecars the content that the catalog has for them, where they differ, in the archive or in a replica;
    /// there, what was written is read back.
    func writeSidecars(of records: [String], in place: ArchiveLayout? = nil) throws(ArchiveError) {
        let layout = place ?? layout
        for record in records {
            guard let content = try catalog.readNow({ try CatalogQueries.sidecar($0, id: record) }) else {
                continue
            }
            let path = layout.absolute(Sidecar.path(of: content.path, content.state))
            let bytes = try content.bytes()
            let isRight = try Self.files(layout) { () throws(FileError) -> Bool in
                if try hasContent(bytes, path) { return true }
                try Folder.refuseLinks(
                    to: Folder.parent(of: path), below: layout.root, operations: operations)
                try PendingFile.writeFile(
                    bytes, to: path, replacing: true, temporaryFolder: layout.incoming, permissions: 0o400,
                    operations: operations)
                if place == nil { return true }
                return try hasContent(bytes, path)
            }
            guard isRight else { throw .copyDiffers(path: path) }
        }
    }

    /// Whether a file has this content; not where it is no file.
    func hasContent(_ bytes: [UInt8], _ path: String) throws(FileError) -> Bool {
        do throws(FileError) {
            return try operations.contentsIfThere(of: path, limit: bytes.count + 1) == bytes
        } catch {
            guard error.isNoFile else { throw error }
            return false
        }
    }

    /// Removes the file of a recording that was erased, with all that was derived from it.
    private func removeFiles(of record: String) throws(ArchiveError) {
        guard let removal = try catalog.readNow({ try Removal.of(record, place: "", $0) }) else { return }
        try Self.removeFiles(of: removal.path, removal.state, in: layout, operations)
        try catalog.write { try Removal.forget(record, place: "", $0) }
    }

    /// Removes a recording's file with all that was derived from it, in the archive or in a replica.
    ///
    /// The sidecar goes last: while it is there, what is left is known to belong to an erased recording.
    static func removeFiles(
        of path: String, _ state: Recording.State, in layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) {
        let file = layout.absolute(path)
        let folder = Folder.parent(of: file)
        try files(layout) { () throws(FileError) in
            try Folder.refuseLinks(to: folder, below: layout.root, operations: operations)
            guard try operations.confirmedStatus(of: folder) != nil else { return }
            let sidecar = layout.absolute(Sidecar.path(of: path, state))
            var names = [file]
            if state == .quarantined { names.append(reportPath(of: file)) }
            for name in names { try remove(name, operations) }
            try DayManifest(folder: folder, operations: operations)
                .remove(Folder.name(of: file), temporaryFolder: layout.incoming)
            try operations.synchronizeFolder(folder)
            try remove(sidecar, operations)
            try operations.synchronizeFolder(folder)
        }
    }

    /// Removes what is at a path, where it is anything but a folder, which was not left by us.
    private static func remove(_ path: String, _ operations: any FileOperations) throws(FileError) {
        guard let status = try operations.confirmedStatus(of: path), status.kind != .folder else { return }
        try operations.remove(path)
    }

    static func reportPath(of path: String) -> String {
        String(path.dropLast(3)) + "json"
    }
}
