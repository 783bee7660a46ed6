internal import ByteSources
internal import Digests
internal import DurableFiles
internal import RecordingArchive
internal import Transcoding
internal import TransparencyLog

/// Copies a recording's files into a bag, each compared with what catalog and log say of it.
struct RecordingCopier {
    /// Bytes that are copied at a time.
    private static let pieceSize = 1 << 18

    let archive: RecordingArchive
    let operations: any FileOperations
    /// The log as it was when the export began; nil where there is none.
    let log: LogReader?
    let includesOriginals: Bool
    let report: (ExportProblem) -> Void
    let advance: (Int64) -> Void

    /// Copies what can be copied, and reports what cannot.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - bag: Where it goes.
    /// - Returns: What the lists say of it; nil where it is left out.
    /// - Throws: `FileError` where the bag cannot be written.
    func copy(_ recording: Recording, into bag: inout BagWriter) throws -> RecordingMetadata? {
        guard isAsLogged(recording) else {
            report(.contradicted(id: recording.id, entry: recording.ingestEntry))
            return nil
        }
        guard let copied = try copyFile(recording, &bag) else { return nil }
        try copyCompanions(recording, &bag)
        var original: String?
        if includesOriginals { original = try addOriginal(recording, copied, &bag) }
        return RecordingMetadata(recording, path: recording.path, original: original)
    }

    /// Whether the log's entry, where it can be read, tells of the same recording and the same bytes.
    private func isAsLogged(_ recording: Recording) -> Bool {
        guard let log, let index = UInt64(exactly: recording.ingestEntry), index < log.size,
            let bytes = try? log.entry(at: index).bytes
        else { return true }
        let entry = CanonicalJSON(canonical: bytes)
        return entry?["record"]?.stringValue == recording.id
            && entry?["stored"]?.stringValue == recording.facts.stored.sha256.hexadecimal
            && entry?["original"]?.stringValue == recording.facts.source.sha256.hexadecimal
    }

    /// Copies the stored file, and returns where it is for now.
    private func copyFile(_ recording: Recording, _ bag: inout BagWriter) throws -> String? {
        let path = archive.absolutePath(of: recording)
        let file = try bag.begin(recording.path)
        var offset: Int64 = 0
        var isComplete = true
        while true {
            let piece: [UInt8]
            do throws(FileError) {
                piece = try operations.contents(of: path, at: offset, count: Self.pieceSize)
            } catch {
                report(.unreadable(id: recording.id, reason: "\(error)."))
                isComplete = false
                break
            }
            if piece.isEmpty { break }
            try file.write(piece)
            offset += Int64(piece.count)
            advance(Int64(piece.count))
        }
        if isComplete, file.digest != recording.facts.stored.sha256 {
            report(.damaged(id: recording.id, path: path))
            isComplete = false
        }
        guard isComplete else {
            try file.discard()
            return nil
        }
        return try bag.add(file)
    }

    /// Copies the sidecar, and in quarantine the report.
    private func copyCompanions(_ recording: Recording, _ bag: inout BagWriter) throws {
        let sidecar = Sidecar.path(of: recording.path, recording.state)
        var content: [UInt8]?
        var reason = "it is missing or another recording's; run verify"
        do throws(ArchiveError) {
            let found = try Sidecar.read(archive.path + "/" + sidecar, operations)
            if let found, found.id == recording.id, found.facts == recording.facts {
                content = try found.bytes()
            }
        } catch {
            reason = "\(error)"
        }
        if let content {
            try bag.add(content, as: sidecar)
        } else {
            report(.companion(id: recording.id, path: sidecar, reason: reason + "."))
        }
        guard recording.state == .quarantined else { return }
        let name = String(recording.path.dropLast(3)) + "json"
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try operations.contents(of: archive.path + "/" + name, limit: Sidecar.largestSize)
        } catch {
            return report(.companion(id: recording.id, path: name, reason: "\(error)."))
        }
        try bag.add(bytes, as: name)
    }

    /// Restores the original out of the copy, and returns where it is in the bag.
    private func addOriginal(
        _ recording: Recording, _ copied: String, _ bag: inout BagWriter
    ) throws -> String? {
        // What is in quarantine is the original itself.
        guard recording.state == .archived else { return recording.path }
        let name = "originals/" + recording.path.dropFirst("recordings/".count).dropLast(4) + "wav"
        let file = try bag.begin(name)
        do {
            let restorer = try SourceRestorer(try FileByteSource(path: copied))
            try restorer.restore { piece in
                try file.write(piece)
                advance(Int64(piece.count))
            }
            guard restorer.digest == recording.facts.source.sha256 else {
                throw TranscodingError.digestMismatch(
                    expected: recording.facts.source.sha256, found: restorer.digest)
            }
        } catch let error as FileError {
            throw error
        } catch {
            report(.original(id: recording.id, reason: "\(error)"))
            try file.discard()
            return nil
        }
        try bag.add(file)
        return name
    }
}
