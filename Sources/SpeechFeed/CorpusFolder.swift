internal import DurableFiles

/// The folder of a corpus in the making, with the manifests that are being written.
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

    private static let gathered = 1 << 16

    private var folder: PendingFolder?
    private var files: [String: OpenFile] = [:]

    init(at output: String) throws(FileError) {
        folder = try PendingFolder(for: output)
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
    func publish() throws(FileError) {
        try folder.take()?.publish()
    }
}
