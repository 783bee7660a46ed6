internal import ByteSources
internal import DurableFiles
internal import Foundation
internal import RecordingArchive
internal import Transcoding

/// A recording in an archive that is to be given out: its file, and the original in it.
struct ArchivedOriginal {
    let recording: Recording
    let file: FileByteSource
    let original: StoredOriginal

    /// Finds a recording by its id, by the beginning of its id, or by the path of its file.
    ///
    /// - Parameters:
    ///   - text: The id or the path, which may begin at the archive or at the current folder.
    ///   - archive: The archive.
    /// - Returns: The recording, its file opened.
    /// - Throws: `Failure` where there is none, or its file is not the one that was stored.
    static func find(_ text: String, in archive: RecordingArchive) async throws -> ArchivedOriginal {
        let recording = try await Self.recording(text, in: archive)
        let path = archive.absolutePath(of: recording)
        let file: FileByteSource
        do throws(ByteSourceError) {
            file = try FileByteSource(path: path)
        } catch {
            let remedy =
                error.code == ENOENT ? " Run verify, and take the file from a copy of the archive." : ""
            throw Failure(.noInput, "\(error)" + remedy)
        }
        let original: StoredOriginal
        switch recording.state {
        case .archived: original = StoredOriginal(try SourceRestorer(file))
        case .quarantined: original = StoredOriginal(file, digest: recording.facts.source.sha256)
        }
        guard original.digest == recording.facts.source.sha256 else {
            throw Failure(
                .itemsNeedAttention,
                "\(path.printable) is not the file that was stored; run verify, and restore it from a copy.")
        }
        return ArchivedOriginal(recording: recording, file: file, original: original)
    }

    private static func recording(_ text: String, in archive: RecordingArchive) async throws -> Recording {
        if RecordingID.isID(text) {
            let id = try await RecordingID.resolve(text, in: archive)
            if let recording = try await archive.recording(id: id) { return recording }
            if let tombstone = try await archive.tombstone(id: id) {
                throw Failure(
                    .noInput,
                    "The recording \(id) was erased on \(tombstone.erasedAt) (\(tombstone.ground.printable)); "
                        + "show tells what is left of it.")
            }
            throw ArchiveError.noRecording(id: id)
        }
        for path in paths(text, in: archive) {
            if let recording = try await archive.recording(path: path) { return recording }
        }
        throw Failure(
            .noInput,
            "The archive has no recording \(text.printable); give an id of at least 6 digits or the path of a FLAC or "
                + "WAV file in it, as list shows them.")
    }

    /// What a path can be when it begins at the archive.
    private static func paths(_ text: String, in archive: RecordingArchive) -> [String] {
        let file = URL(filePath: text).standardizedFileURL
        var found = [text]
        for (root, path) in [
            (archive.path, file.path),
            (URL(filePath: archive.path).resolvingSymlinksInPath().path, file.resolvingSymlinksInPath().path),
        ] {
            if let relative = Folder.relativePath(of: path, in: root) { found.append(relative) }
        }
        return found
    }
}
