internal import RecordingArchive

/// Brings the replicas of an archive up to date, with a line for each.
struct ReplicationRun: Sendable {
    let archive: RecordingArchive
    let console: Console

    /// Copies to each replica what it lacks.
    ///
    /// One that cannot be reached or written to does not keep the others from being brought up to date.
    ///
    /// - Returns: Whether all are up to date.
    /// - Throws: `ArchiveError` where the replicas are not known, and what keeps a row from being printed.
    func perform() async throws -> Bool {
        // Lines that the end of the work adds would leave every replica one line behind.
        try await archive.flush()
        var areCopied = true
        for path in try await archive.replicas() {
            if Task.isCancelled { return false }
            do {
                let summary = try await archive.replicate(to: path) { done, all in
                    console.show(bar: "\(path.printable): \(done) of \(Quantities.count(all, "line")) of the journal")
                }
                console.show(bar: nil)
                try console.row(ReplicationRow(summary))
                console.note(Self.text(of: summary))
            } catch let error as ArchiveError {
                console.show(bar: nil)
                areCopied = false
                let sentence = Failure(describing: error).description
                try console.row(ReplicationRow(path: path, error: sentence))
                console.alert("Not yet safe at \(path.printable): \(sentence)")
            }
        }
        return areCopied
    }

    private static func text(of summary: ReplicationSummary) -> String {
        var parts = ["\(Quantities.count(summary.copied, "recording")) copied and read back"]
        if summary.removed > 0 { parts.append("\(summary.removed) erased") }
        return "\(summary.path.printable): " + parts.joined(separator: ", ") + "; all is there."
    }
}

/// What was done for a replica as a row of JSON.
private struct ReplicationRow: Encodable {
    let replica: String
    var copied: Int?
    var erased: Int?
    var lines: Int?
    var error: String?

    init(_ summary: ReplicationSummary) {
        replica = summary.path
        (copied, erased, lines) = (summary.copied, summary.removed, summary.lines)
    }

    init(path: String, error: String) {
        replica = path
        self.error = error
    }
}
