internal import AuditTrail
internal import Digests
internal import DurableFiles
package import RecordingArchive
internal import TransparencyLog

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Recordings of an archive as a bag: audio, lists for programs and for people, the audit trail, and proofs.
///
/// The archive is only read, so that others may write to it meanwhile.
package struct ArchiveBag {
    /// How a bag came out.
    package struct Summary: Sendable, Hashable {
        /// Recordings in it.
        package var recordings = 0
        /// Files in its payload.
        package var files = 0
        /// Bytes in its payload.
        package var size: Int64 = 0
        /// Whether something is not in it that was asked for.
        package var isIncomplete = false
    }

    /// Told of what happens while a bag is written.
    package struct Observer {
        /// Takes each problem when it is found.
        package var report: (ExportProblem) -> Void
        /// Is told how many bytes were copied.
        package var advance: (Int64) -> Void
        /// Is told after each recording.
        package var finish: (ExportedItem) -> Void

        /// Makes an observer.
        package init(
            report: @escaping (ExportProblem) -> Void, advance: @escaping (Int64) -> Void,
            finish: @escaping (ExportedItem) -> Void
        ) {
            self.report = report
            self.advance = advance
            self.finish = finish
        }
    }

    /// The archive, open for reading.
    package let archive: RecordingArchive
    /// Clock and system calls.
    package let context: ArchiveContext
    /// The name and the version of the program.
    package let agent: String
    /// Whether the original WAV files go in too.
    package let includesOriginals: Bool

    /// Puts together what is to be done.
    package init(
        _ archive: RecordingArchive, context: ArchiveContext, agent: String, includesOriginals: Bool
    ) {
        self.archive = archive
        self.context = context
        self.agent = agent
        self.includesOriginals = includesOriginals
    }

    /// Makes sure that a bag can be made at a path, before there is any work.
    ///
    /// - Parameter output: The path.
    /// - Throws: `ExportError`, or `FileError`, of kind `exists` where the name is taken.
    package func check(_ output: String) throws {
        let operations = context.operations
        let parent = Folder.parent(of: output)
        let root = try operations.status(of: archive.path)?.identity
        var path = output
        while true {
            if let root, try operations.status(of: path)?.identity == root {
                throw ExportError.inArchive(path: output)
            }
            let above = Folder.parent(of: path)
            guard above != path else { break }
            path = above
        }
        try PendingFolder.checkFree(output, operations: operations)
        if let status = try operations.status(of: output) {
            if let identity = status.identity, let above = try operations.status(of: parent)?.identity,
                !identity.isOnDevice(of: above)
            {
                throw ExportError.mountPoint(path: output)
            }
        }
    }

    /// Writes a bag.
    ///
    /// - Parameters:
    ///   - items: The recordings, in the order of their ingests.
    ///   - output: The path of the bag.
    ///   - note: Writes into the audit trail that recordings are exported; called when all are copied.
    ///   - observer: Is told what happens.
    /// - Returns: How it came out.
    /// - Throws: `ExportError`, `ArchiveError`, `FileError`, or what `note` throws; nothing is left then.
    package func write(
        _ items: [ExportedItem], to output: String, note: ([String]) async throws -> Void, observer: Observer
    ) async throws -> Summary {
        guard !items.isEmpty else { throw ExportError.empty }
        try check(output)
        var summary = Summary()
        var isIncomplete = false
        let report: (ExportProblem) -> Void = { problem in
            isIncomplete = true
            observer.report(problem)
        }
        let copier = RecordingCopier(
            archive: archive, operations: context.operations, log: try archive.logReader(),
            includesOriginals: includesOriginals, report: report, advance: observer.advance)
        let date = String(context.now().formatted(.iso8601).prefix(10))
        var bag = try BagWriter(at: output, operations: context.operations)
        var listings = try BagListings(
            in: &bag, index: IndexPage(archiveID: archive.id, date: date, hasOriginals: includesOriginals))
        var exported: [ExportedItem] = []
        var holds: Set<String> = []
        for item in items {
            try Task.checkCancellation()
            guard let recording = try await archive.recording(id: item.id) else {
                report(.erased(id: item.id))
                continue
            }
            if let metadata = try copier.copy(recording, into: &bag) {
                try listings.add(metadata)
                holds.formUnion(try await archive.holds(on: item.id).map(\.id))
                exported.append(item)
            }
            observer.finish(item)
        }
        guard !exported.isEmpty else { throw ExportError.nothingLeft(count: items.count) }
        try listings.finish(in: &bag)
        try await requireAll(exported)
        try await note(exported.map(\.id))
        try addAudit(exported.map(\.id) + holds.sorted(), to: &bag)
        try addProofs(exported, to: &bag, report)
        summary.recordings = exported.count
        summary.files = bag.streams
        summary.size = bag.octets
        summary.isIncomplete = isIncomplete
        try bag.close(info: [
            ("Bag-Software-Agent", agent), ("Bagging-Date", date), ("External-Identifier", archive.id),
            (
                "External-Description",
                "Voicemail recordings (\(exported.count)) of a Voxkeep archive, with audit trail and proofs"
            ),
        ])
        return summary
    }

    /// Makes sure that what was copied is still there: what was erased meanwhile must not be handed out.
    private func requireAll(_ items: [ExportedItem]) async throws {
        for item in items where try await archive.recording(id: item.id) == nil {
            throw ExportError.erasedMeanwhile(id: item.id)
        }
    }

    private func addAudit(_ ids: [String], to bag: inout BagWriter) throws {
        let file = try bag.begin("audit.jsonl")
        try archive.forEachLine(naming: ids) { try file.write($0.bytes) }
        try bag.add(file)
    }

    /// Adds each entry with its proof, for the newest checkpoint.
    private func addProofs(
        _ items: [ExportedItem], to bag: inout BagWriter, _ report: (ExportProblem) -> Void
    ) throws {
        guard let log = try archive.logReader() else {
            for item in items { report(.unproved(id: item.id, entry: item.entry)) }
            return
        }
        for item in items {
            try Task.checkCancellation()
            guard let index = UInt64(exactly: item.entry), index < log.size else {
                report(.unproved(id: item.id, entry: item.entry))
                continue
            }
            let entry: LogEntry
            let proof: LogProof
            do throws(LogError) {
                entry = try log.entry(at: index)
                proof = try log.proof(of: index)
            } catch {
                report(.unprovable(id: item.id, reason: "\(error)."))
                continue
            }
            try bag.add(entry.bytes, as: "proofs/\(item.id).entry.json")
            try bag.add(proof.bytes, as: "proofs/\(item.id).tlog-proof")
        }
        try bag.add(log.checkpoint.bytes, as: "log/checkpoint")
        let keys = try archive.verifierKeys().map { $0.text + "\n" }.joined()
        try bag.add(Array(keys.utf8), as: "log/verifier-keys.txt")
    }
}
