internal import DurableFiles

/// Files in a replica of recordings that the archive has erased, where the catalog does not know them: the replica was
/// elsewhere when they were erased, or the catalog was made anew since.
struct ErasedLeftovers {
    let replica: Replica
    private var removals: [String: Removal]?

    init(replica: Replica) {
        self.replica = replica
    }

    /// What there is of an erased recording; the first call looks at every sidecar of the replica.
    mutating func removal(of record: String, _ catalog: Catalog) throws(ArchiveError) -> Removal? {
        if let removals { return removals[record] }
        var found: [String: Removal] = [:]
        do {
            for state in Recording.State.allCases {
                let suffix = state == .archived ? ".json" : ".record.json"
                try FolderWalk.files(
                    below: ArchiveLayout.folderName(of: state), in: replica.layout, replica.operations
                ) { path in
                    guard path.hasSuffix(suffix),
                        let sidecar = try Sidecar.readable(
                            replica.layout.absolute(path), replica.operations),
                        Sidecar.path(of: sidecar.path, state) == path,
                        try catalog.readNow({ try CatalogQueries.recording($0, id: sidecar.id) }) == nil
                    else { return }
                    found[sidecar.id] = Removal(path: sidecar.path, state: state)
                }
            }
        } catch let error as ArchiveError {
            throw error
        } catch let error as FileError {
            throw RecordingArchive.converted(error, replica.layout)
        } catch {
            throw .unreadable(path: replica.path, reason: "\(error)")
        }
        removals = found
        return found[record]
    }
}
