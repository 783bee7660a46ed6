internal import Digests
public import DurableFiles
internal import Foundation

extension RecordingArchive {
    /// Stores a recording, and returns when neither its file nor its row can be lost.
    ///
    /// Each call makes one more recording, also of a message that is there already: compare
    /// `archivedSources(of:)` with what the PBX lists first. The exception is a file that a killed run published
    /// without a row: where the same bytes are found under the final name, they are taken for the recording. No file
    /// is ever overwritten; a name that is taken by anything else gets `-2`, `-3` and so on.
    ///
    /// - Parameters:
    ///   - facts: What is known of the message; `stored` describes the file.
    ///   - file: The FLAC file, complete, begun with `makePendingFile()` or taken over.
    ///   - recognizing: Is asked about a file without a row whose bytes are others, by its path. It returns the
    ///     facts of that file if it holds the same message (made with other options, say), and nil if not.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`. The message counts as not archived then, and can be added again, in the same run
    ///   unless the catalog failed.
    public func add(
        _ facts: RecordingFacts, file: consuming PendingFile,
        recognizing: @Sendable (String) throws -> RecordingFacts? = { _ in nil }
    ) throws(ArchiveError) -> Recording {
        try store(facts, .archived, file, report: nil, recognizing)
    }

    /// Stores a recording whose file is complete at a temporary path.
    ///
    /// - Parameters:
    ///   - facts: What is known of the message; `stored` describes the file.
    ///   - path: The FLAC file, on the archive's file system; it is gone from there afterwards.
    ///   - recognizing: See `add(_:file:recognizing:)`.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`; the file may be gone then.
    public func add(
        _ facts: RecordingFacts, fileAt path: String,
        recognizing: @Sendable (String) throws -> RecordingFacts? = { _ in nil }
    ) throws(ArchiveError) -> Recording {
        try store(facts, .archived, try takeOver(path), report: nil, recognizing)
    }

    /// Stores a source that holds no audio that can be decoded, as it came, with its report beside it.
    ///
    /// - Parameters:
    ///   - facts: What is known of the message; `stored` describes the file, which is the source itself.
    ///   - path: The source, on the archive's file system; it is gone from there afterwards.
    ///   - report: The content of the report, JSON.
    /// - Returns: The recording.
    /// - Throws: `ArchiveError`; the file may be gone then.
    public func quarantine(
        _ facts: RecordingFacts, fileAt path: String, report: [UInt8]
    ) throws(ArchiveError) -> Recording {
        try store(facts, .quarantined, try takeOver(path), report: report) { _ in nil }
    }

    private func takeOver(_ path: String) throws(ArchiveError) -> PendingFile {
        do throws(FileError) {
            return try PendingFile(takingOver: path, operations: operations)
        } catch {
            throw Self.converted(error, layout)
        }
    }

    /// Where a file goes.
    private enum Placement {
        case free(String)
        /// An empty file, which claims a name on a file system without hard links, and was never filled.
        case claimed(String)
        /// The file is there, from a run that was killed before it could commit the row.
        case present(String, RecordingFacts)

        var path: String {
            switch self {
            case .free(let path), .claimed(let path), .present(let path, _): path
            }
        }
    }

    private func store(
        _ facts: RecordingFacts, _ state: Recording.State, _ file: consuming PendingFile, report: [UInt8]?,
        _ recognizing: (String) throws -> RecordingFacts?
    ) throws(ArchiveError) -> Recording {
        if let failure { throw failure }
        guard isWritable else { throw .readOnly(path: path) }

        let folder = Folder.path(ArchiveLayout.folderName(of: state), FileNaming.folder(of: facts))
        try makeDurably(folder)
        let stem = Folder.path(folder, FileNaming.name(of: facts))
        let placement = try place(facts, stem, ArchiveLayout.pathExtension(of: state), recognizing)
        let final = layout.absolute(placement.path)
        var stored = facts
        do throws(FileError) {
            switch placement {
            case .free:
                try file.publish(as: final)
            case .claimed:
                try file.publish(as: final, replacing: true)
            case .present(_, let found):
                file.discard()
                stored = found
                // The run that published it may have been killed before this.
                try operations.synchronizeFolder(layout.absolute(folder))
            }
            if let report {
                try PendingFile.writeFile(
                    report, to: Self.reportPath(of: final), replacing: true, temporaryFolder: layout.incoming,
                    permissions: 0o400, operations: operations)
            }
        } catch {
            throw Self.converted(error, layout)
        }
        return try commit(stored, state, placement.path)
    }

    /// Finds the first name that is free, or that belongs to this very recording.
    private func place(
        _ facts: RecordingFacts, _ stem: String, _ pathExtension: String,
        _ recognizing: (String) throws -> RecordingFacts?
    ) throws(ArchiveError) -> Placement {
        var number = 1
        while true {
            let path = number == 1 ? "\(stem).\(pathExtension)" : "\(stem)-\(number).\(pathExtension)"
            number += 1
            let absolute = layout.absolute(path)
            let hasRow = try catalog.readNow { try CatalogQueries.hasPath($0, path) }
            if hasRow { continue }
            let found = try Self.files(layout) { () throws(FileError) in try operations.status(of: absolute) }
            guard let status = found else { return .free(path) }
            guard status.kind == .file else { continue }
            if status.size == 0 { return .claimed(path) }
            do {
                if status.size == facts.stored.size, try Self.digest(of: absolute) == facts.stored.sha256 {
                    return .present(path, facts)
                }
                if let facts = try recognizing(absolute) { return .present(path, facts) }
            } catch {
                throw .existingFile(path: absolute, reason: "\(error)")
            }
        }
    }

    private func commit(
        _ facts: RecordingFacts, _ state: Recording.State, _ path: String
    ) throws(ArchiveError) -> Recording {
        do throws(ArchiveError) {
            return try catalog.write { database in
                // Until the journal gives them.
                let sequence = try CatalogQueries.nextSequence(database)
                let recording = Recording(
                    id: Self.randomDigits(32), sequence: sequence,
                    ordinal: try CatalogQueries.nextOrdinal(database, facts), state: state, path: path,
                    messageKey: Self.messageKey(of: facts.identity), ingestEntry: sequence,
                    retention: .forever, facts: facts)
                try CatalogQueries.insert(database, recording, salt: Self.randomDigits(64))
                return recording
            }
        } catch {
            // Whether the row is on the disk is not known, and a later sync of the same log would not tell. Only a
            // fresh start, which reads the log back, does.
            failure = error
            throw error
        }
    }

    static func randomDigits(_ count: Int) -> String {
        String((0..<count).map { _ in "0123456789abcdef".randomElement() ?? "0" })
    }

    static func messageKey(of identity: MessageIdentity) -> String {
        var hasher = SHA256Hasher()
        for text in [
            identity.pbx, identity.extension, identity.listedDate, identity.caller, identity.listedLength,
        ] { hasher.update(Array("\(text.utf8.count):\(text)".utf8)) }
        return String(hasher.finalize().hexadecimal.prefix(32))
    }

    private func makeDurably(_ folder: String) throws(ArchiveError) {
        guard !durableFolders.contains(folder) else { return }
        let path = layout.absolute(folder)
        try Self.files(layout) { () throws(FileError) in try Folder.makeDurably(path, operations: operations)
        }
        durableFolders.insert(folder)
    }

    private static func reportPath(of path: String) -> String {
        String(path.dropLast(3)) + "json"
    }

    private static func digest(of path: String) throws -> Digest {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        var hasher = SHA256Hasher()
        while let piece = try file.read(upToCount: 65_536), !piece.isEmpty {
            hasher.update(Array(piece))
        }
        return hasher.finalize()
    }
}
