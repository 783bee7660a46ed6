internal import DurableFiles
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
        var areCopied = true
        for path in try await archive.replicas() {
            if Task.isCancelled { return false }
            do {
                let summary = try await archive.replicate(to: path) { done, all in
                    console.show(
                        bar: "\(path.printable): \(done) of \(Quantities.count(all, "line")) of the journal")
                }
                console.show(bar: nil)
                try console.row(ReplicationRow(summary))
                for uncopied in summary.uncopied {
                    areCopied = false
                    console.alert(Self.sentence(about: uncopied))
                }
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
        let unread = summary.uncopied.count { $0.isUnreadable }
        if unread < summary.uncopied.count {
            parts.append("\(summary.uncopied.count - unread) damaged and not copied")
        }
        if unread > 0 { parts.append("\(unread) not read and not copied") }
        return "\(summary.path.printable): " + parts.joined(separator: ", ")
            + (summary.uncopied.isEmpty ? "; all is there." : ".")
    }

    private static func sentence(about uncopied: ReplicationSummary.Uncopied) -> String {
        let path = uncopied.path.printable
        return switch uncopied.reason {
        case .altered: "\(path) has other bytes than were stored and was not copied; run verify --repair."
        case .missing: "\(path) is missing and was not copied; run verify --repair."
        case .unreadable(let error):
            "\(path) was not copied (\(error.description.printable)); each run tries again."
        }
    }
}

extension ReplicationSummary.Uncopied {
    /// Whether nothing is known of its bytes.
    fileprivate var isUnreadable: Bool { if case .unreadable = reason { true } else { false } }
}

/// What was done for a replica as a row of JSON.
private struct ReplicationRow: Encodable {
    let replica: String
    var copied: Int?
    var erased: Int?
    var damaged: Int?
    var unreadable: Int?
    var lines: Int?
    var error: String?

    private enum Key: String, CodingKey {
        case replica, copied, erased, damaged, unreadable, lines, error
    }

    func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(replica, forKey: .replica)
        try row.encode(copied, forKey: .copied)
        try row.encode(erased, forKey: .erased)
        try row.encode(damaged, forKey: .damaged)
        try row.encode(unreadable, forKey: .unreadable)
        try row.encode(lines, forKey: .lines)
        try row.encode(error, forKey: .error)
    }

    init(_ summary: ReplicationSummary) {
        replica = summary.path
        (copied, erased, lines) = (summary.copied, summary.removed, summary.lines)
        unreadable = summary.uncopied.count { $0.isUnreadable }
        damaged = summary.uncopied.count { !$0.isUnreadable }
    }

    init(path: String, error: String) {
        replica = path
        self.error = error
    }
}
