internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

extension RecordingArchive {
    /// Completes what an earlier run did not live to complete, in the order in which it would have done it.
    func recover(key: LogKey.Finder?) throws(ArchiveError) {
        let position = try position(.applied)
        do throws(JournalError) {
            journal = try Journal(at: layout.journal, from: position, operations: operations)
        } catch {
            throw .journal(error)
        }
        try catchUp()
        try settle()
        try completeIntents()
        if let key { try openLog(key) }
        try flush()
    }

    /// Ends each ingest that was cut short: what is on the disk as it should be is taken in, the rest is dropped.
    private func completeIntents() throws(ArchiveError) {
        let names = try Self.files(layout) { () throws(FileError) in
            try operations.names(inFolder: layout.incoming)
        }
        for name in names where name.hasSuffix(".json") {
            let path = Folder.path(layout.incoming, name)
            let bytes = try Self.files(layout) { () throws(FileError) in
                try operations.contents(of: path, limit: Sidecar.largestSize)
            }
            if let sidecar = Sidecar(bytes), layout.intent(of: sidecar.id) == path,
                try catalog.readNow({ try CatalogQueries.recording($0, id: sidecar.id) }) == nil,
                try isWhole(sidecar)
            {
                _ = try complete(sidecar, isRepeated: true)
            } else {
                try drop(Sidecar(bytes), path)
            }
        }
    }

    /// Removes an intent whose file never came, or that was completed.
    private func drop(_ sidecar: Sidecar?, _ path: String) throws(ArchiveError) {
        try Self.files(layout) { () throws(FileError) in
            if let sidecar, sidecar.state == .quarantined {
                let file = layout.absolute(sidecar.path)
                let report = Self.reportPath(of: file)
                if try operations.status(of: file) == nil, try operations.status(of: report) != nil {
                    try operations.remove(report)
                }
            }
            try operations.remove(path)
        }
    }

    /// Whether the file of an intent is there, and is the one that was announced.
    private func isWhole(_ sidecar: Sidecar) throws(ArchiveError) -> Bool {
        let path = layout.absolute(sidecar.path)
        let status = try Self.files(layout) { () throws(FileError) in try operations.status(of: path) }
        guard let status, status.kind == .file, status.size == sidecar.facts.stored.size else { return false }
        return try FileDigest.of(path) == sidecar.facts.stored.sha256
    }
}
