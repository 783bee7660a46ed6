internal import AuditTrail
internal import Digests
internal import DurableFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension RecordingArchive {
    /// The most bytes that the answers of all hooks to one recording have together, so that its sidecar can be read.
    private static let mostAnswerBytes = 2 << 20

    /// Keeps the answers of a hook with their recordings, each in place of an earlier one of the same hook.
    ///
    /// An answer lies in the recording's sidecar and is erased with it; journal and log have no more than a commitment.
    ///
    /// - Parameter answers: The answers, by the ids of the recordings.
    /// - Returns: The ids of recordings that are not there any more, whose answers were dropped.
    /// - Throws: `ArchiveError`: `refused` where the answers to a recording would be too large; then none is kept.
    public func store(_ answers: [String: HookAnswer]) throws(ArchiveError) -> [String] {
        try checkWritable()
        var gone: [String] = []
        var kept: [(Sidecar, HookAnswer)] = []
        for (id, answer) in answers.sorted(by: { $0.key < $1.key }) {
            guard let sidecar = try catalog.readNow({ try CatalogQueries.sidecar($0, id: id) }) else {
                gone.append(id)
                continue
            }
            let others = sidecar.answers.filter { $0.hook != answer.hook }
            guard others.reduce(answer.json.utf8.count, { $0 + $1.json.utf8.count }) <= Self.mostAnswerBytes
            else {
                throw .refused(
                    "the answers of all hooks to the recording \(id) would be larger than 2 MiB; let them answer less"
                )
            }
            kept.append((sidecar, answer))
        }
        guard !kept.isEmpty else { return gone }
        var events: [any ArchiveEvent] = []
        for (sidecar, answer) in kept {
            events.append(try RecordingAnswered(answer, to: sidecar))
            let bytes = try Sidecar.canonical(answer, sidecar.id)
            try Self.files(layout) { () throws(FileError) in
                try PendingFile.writeFile(
                    bytes, to: layout.pendingAnswer(to: sidecar.id), replacing: true, operations: operations)
            }
        }
        try record(events)
        try flush()
        try removePendingAnswers()
        return gone
    }

    /// Removes the answers whose lines the journal has, and which the sidecars have by now, or whose lines it never got.
    func removePendingAnswers() throws(ArchiveError) {
        try Self.files(layout) { () throws(FileError) in
            for name in try operations.names(inFolder: layout.incoming)
            where name.hasSuffix(ArchiveLayout.pendingAnswerSuffix) {
                let path = Folder.path(layout.incoming, name)
                if try operations.status(of: path, followingLinks: false)?.kind == .file {
                    try operations.remove(path)
                }
            }
        }
    }

    /// The answer that a line of the journal tells of: from the recording's sidecar, or while it is on its way there.
    ///
    /// - Parameters:
    ///   - sidecar: The recording's salt, answers and path, as far as they are known.
    ///   - hook: The name of the hook.
    ///   - commitment: What the line says of the answer, in hexadecimal.
    ///   - layout: The archive's folder.
    ///   - operations: The system calls.
    /// - Returns: nil where there is none that fits: a later one has taken its place, or it is lost.
    /// - Throws: `ArchiveError`, also where a file cannot be read: its answer must not be taken for lost.
    static func answer(
        to sidecar: Sidecar, of hook: String, _ commitment: String, _ layout: ArchiveLayout,
        _ operations: any FileOperations
    ) throws(ArchiveError) -> HookAnswer? {
        var candidates = sidecar.answers
        let file = layout.absolute(Sidecar.path(of: sidecar.path, sidecar.state))
        if let stored = try Sidecar.readable(file, operations), stored.id == sidecar.id {
            candidates += stored.answers
        }
        let pending = layout.pendingAnswer(to: sidecar.id)
        let bytes = try files(layout) { () throws(FileError) in
            try operations.contentsIfThere(of: pending, limit: HookAnswer.largestSize * 2)
        }
        if let bytes, let answer = try? JSONDecoder().decode(HookAnswer.self, from: Data(bytes)) {
            candidates.append(answer)
        }
        for answer in candidates where answer.hook == hook {
            guard try answer.commitment(salt: sidecar.salt).hexadecimal == commitment else { continue }
            return answer
        }
        return nil
    }
}
