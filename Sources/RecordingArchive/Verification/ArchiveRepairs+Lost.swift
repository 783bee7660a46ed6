internal import DurableFiles

extension ArchiveRepairs {
    /// Brings back recordings of which the archive has not even the sidecar, from replicas that have them.
    ///
    /// - Parameter lost: Their ids.
    /// - Returns: Whether any came back.
    /// - Throws: `ArchiveError` where the archive is in use.
    mutating func bringBack(_ lost: Set<String>) throws(ArchiveError) -> Bool {
        let lock = try RecordingArchive.takeLock(layout, operations)
        expect(lost)
        var found: [String: (Sidecar, Replica)] = [:]
        for replica in replicas {
            do {
                for state in Recording.State.allCases {
                    try FolderWalk.files(
                        below: ArchiveLayout.folderName(of: state), in: replica.layout, operations
                    ) { path in
                        guard path.hasSuffix(".json"),
                            let sidecar = try? Sidecar.read(replica.layout.absolute(path), operations),
                            Sidecar.path(of: sidecar.path, state) == path, found[sidecar.id] == nil,
                            let wanted = expected[sidecar.id],
                            (try? sidecar.commitment()) == wanted.commitment
                        else { return }
                        found[sidecar.id] = (sidecar, replica)
                    }
                }
            } catch {
                // A replica that cannot be read has nothing to give.
                continue
            }
        }
        for (sidecar, replica) in found.values.sorted(by: { $0.0.path < $1.0.path }) {
            try bringBack(sidecar, from: replica)
        }
        _ = consume lock
        return !found.isEmpty
    }

    private mutating func bringBack(_ sidecar: Sidecar, from replica: Replica) throws(ArchiveError) {
        let target = Replica(path: layout.root, operations: operations)
        let path = Sidecar.path(of: sidecar.path, sidecar.state)
        let finding = ArchiveFinding(
            .sidecarMissing, item: layout.absolute(path), record: sidecar.id,
            "\(layout.absolute(path)) was missing, with all that the archive knew of the recording")
        do throws(ArchiveError) {
            let digest = sidecar.facts.stored.sha256
            // Without the file, the next verification tells what is missing.
            let found = try? FileDigest.of(replica.layout.absolute(sidecar.path), operations)
            if found == digest {
                try target.copy(sidecar.path, from: replica.layout, digest: digest, replacing: true)
            }
            if sidecar.state == .quarantined {
                try target.copyIfThere(RecordingArchive.reportPath(of: sidecar.path), from: replica.layout)
            }
            try target.copy(path, from: replica.layout, replacing: true)
            let file = layout.absolute(sidecar.path)
            let folder = Folder.parent(of: file)
            try RecordingArchive.files(layout) { () throws(FileError) in
                try DayManifest(folder: folder, operations: operations).add(
                    digest, Folder.name(of: file), mayBeThere: true)
            }
            add(ArchiveRepair(of: finding, from: replica.path))
        } catch {
            add(ArchiveRepair(of: finding, impossible: "\(finding.item) cannot be brought back: \(error)"))
        }
    }
}
