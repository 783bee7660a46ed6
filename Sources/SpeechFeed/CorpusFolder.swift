internal import ByteSources
internal import Digests
internal import DurableFiles
internal import Transcoding

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The folder of a corpus in the making, with the manifests that are being written, and what an interrupted run has
/// left of it.
///
/// Beside the corpus itself it has the mark of an unfinished folder; `lock`; `progress`, whose first line says what is being made, and each further line
/// which audio is; and in `earlier/` what runs before have left.
final class CorpusFolder: CorpusFiles {
    /// A file that is being written, and the bytes that have been gathered for it.
    private final class OpenFile {
        var file: FolderFile?
        var pending: [UInt8] = []

        init(_ file: consuming FolderFile) {
            self.file = consume file
        }

        func flush() throws(FileError) {
            try file?.write(pending)
            pending.removeAll(keepingCapacity: true)
        }
    }

    /// A line of a `progress` that tells of audio.
    private struct Line {
        let folder: String
        let range: Range<Int64>
    }

    private static let gathered = 1 << 16
    private static let (lockName, progressName, earlierName) = ("lock", "progress", "earlier")

    private let path: String
    private let operations = FileSystem.posix
    private var folder: PendingFolder?
    private var lock: FolderLock?
    private var progress: FolderFile?
    private var files: [String: OpenFile] = [:]
    private var earlier: [String: Line] = [:]

    /// Begins a corpus, or goes on with one that was to be the same.
    ///
    /// - Parameters:
    ///   - output: The folder: one that is missing or empty.
    ///   - fingerprint: What is being made, in one line.
    /// - Throws: `SpeechFeedError.inUse`, `FileError`.
    init(at output: String, fingerprint: String) throws {
        let folder = try PendingFolder(goingOnFor: output)
        path = folder.path
        do throws(FolderLock.Failure) {
            lock = try FolderLock(path: Folder.path(path, Self.lockName))
        } catch {
            // What is there is another process's.
            folder.leave()
            switch error {
            case .held(let process): throw SpeechFeedError.inUse(path: output, process: process)
            case .file(let error): throw error
            }
        }
        self.folder = consume folder
        try setAside(unless: fingerprint)
        progress = try makeFile(Self.progressName)
        try progress?.write(Array((fingerprint + "\n").utf8))
    }

    /// Puts what is there out of the way, and notes which audio of it can be taken over; other corpora are removed.
    private func setAside(unless fingerprint: String) throws {
        let names = try operations.names(inFolder: path).filter {
            ![Self.lockName, Self.earlierName, PendingFolder.markName].contains($0)
        }
        let header = Array((fingerprint + "\n").utf8)
        let earlier = Folder.path(path, Self.earlierName)
        // What cannot be read must not be taken for another corpus, whose folder is emptied.
        let found = try operations.contentsIfThere(
            of: Folder.path(path, Self.progressName), limit: header.count)
        guard found == header else {
            for name in names + [Self.earlierName] {
                let path = Folder.path(path, name)
                if try operations.status(of: path) != nil { try Folder.removeTree(path) }
            }
            return
        }
        if try operations.status(of: earlier) == nil { try operations.makeFolder(earlier) }
        // None of them is removed by itself, so their number is free.
        let place = Folder.path(earlier, "\(try operations.names(inFolder: earlier).count)")
        try operations.makeFolder(place)
        for name in names { try operations.rename(Folder.path(path, name), to: Folder.path(place, name)) }
        for name in try operations.names(inFolder: earlier) {
            try readProgress(of: Folder.path(earlier, name))
        }
    }

    private func readProgress(of folder: String) throws {
        guard let file = try? FileByteSource(path: Folder.path(folder, Self.progressName)) else { return }
        var offset: Int64 = 0
        var rest: [UInt8] = []
        var start: Int64 = 0
        while offset < file.byteCount {
            let piece = try file.bytes(at: offset, count: Self.gathered)
            guard !piece.isEmpty else { break }
            offset += Int64(piece.count)
            rest += piece
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let range = start..<start + Int64(end)
                if let made = try? JSONDecoder().decode(MadeAudio.self, from: Data(rest[..<end])) {
                    earlier[made.key] = Line(folder: folder, range: range)
                }
                start = range.upperBound + 1
                rest.removeFirst(end + 1)
            }
        }
    }

    /// What an earlier run has made of the same; nil where it is none.
    func made(_ key: String) -> MadeAudio? {
        guard let line = earlier[key],
            let bytes = try? operations.contents(
                of: Folder.path(line.folder, Self.progressName), at: line.range.lowerBound,
                count: line.range.count)
        else { return nil }
        return try? JSONDecoder().decode(MadeAudio.self, from: Data(bytes))
    }

    /// Copies audio that an earlier run has made, and returns whether it is what that run had made.
    func copy(_ made: MadeAudio, to file: borrowing FolderFile) throws -> Bool {
        guard let line = earlier[made.key], let name = made.file,
            let source = try? FileByteSource(path: Folder.path(line.folder, name)),
            made.offset >= 0, made.size >= 0, made.offset <= source.byteCount - made.size
        else { return false }
        var hasher = SHA256Hasher()
        do {
            try source.forEachPiece(in: made.offset..<made.offset + made.size) {
                hasher.update($0)
                try file.write($0)
            }
        } catch is ByteSourceError {
            // What cannot be read any more is made again.
            return false
        }
        return hasher.finalize().hexadecimal == made.sha256
    }

    /// Notes that audio is made; a note that a crash takes costs no more than making it again.
    func note(_ made: MadeAudio) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try progress?.write(Array(try encoder.encode(made)) + [UInt8(ascii: "\n")])
    }

    /// Begins a file of audio.
    func makeFile(_ name: String) throws(FileError) -> FolderFile {
        guard var folder = folder.take() else { fatalError("a corpus takes no files once it is published") }
        do throws(FileError) {
            let file = try folder.makeFile(name)
            self.folder = consume folder
            return file
        } catch {
            self.folder = consume folder
            throw error
        }
    }

    func append(_ bytes: [UInt8], to name: String) throws {
        let file: OpenFile
        if let open = files[name] {
            file = open
        } else {
            file = OpenFile(try makeFile(name))
            files[name] = file
        }
        file.pending += bytes
        if file.pending.count >= Self.gathered { try file.flush() }
    }

    func close(_ name: String) throws {
        guard let open = files.removeValue(forKey: name) else { return }
        try open.flush()
        try open.file.take()?.finish()
    }

    /// Gives the folder its name.
    func publish() throws {
        try progress.take()?.discard()
        let earlier = Folder.path(path, Self.earlierName)
        if try operations.status(of: earlier) != nil { try Folder.removeTree(earlier) }
        try operations.remove(Folder.path(path, Self.lockName))
        try folder.take()?.publish()
    }

    /// Leaves what there is for a later run to go on with.
    func leave() throws {
        for file in files.values { try file.flush() }
        files = [:]
        folder.take()?.leave()
    }
}
