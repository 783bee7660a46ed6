package import Digests
package import DurableFiles

/// A file of a bag that is being written, with its digest as far as it has come.
package struct BagFile: ~Copyable {
    /// The state is a class, so that a closure which writes needs no variable.
    private final class Tally {
        var hasher = SHA256Hasher()
        var size: Int64 = 0
    }

    /// What is left of a file whose content the disk holds.
    struct Finished {
        /// The path in the bag.
        let name: String
        /// Where the file is for now.
        let path: String
        let digest: Digest
        let size: Int64
    }

    private let name: String
    private let file: FolderFile
    private let tally = Tally()

    init(_ name: String, _ file: consuming FolderFile) {
        self.name = name
        self.file = file
    }

    /// Where the file is for now.
    package var path: String { file.path }

    /// The SHA-256 of what was written so far.
    package var digest: Digest { tally.hasher.finalize() }

    /// Appends bytes.
    ///
    /// - Parameter bytes: Any number of bytes.
    /// - Throws: `FileError`.
    package func write(_ bytes: [UInt8]) throws(FileError) {
        try file.write(bytes)
        tally.hasher.update(bytes)
        tally.size += Int64(bytes.count)
    }

    /// Appends text in UTF-8.
    ///
    /// - Parameter text: The text.
    /// - Throws: `FileError`.
    package func write(_ text: String) throws(FileError) {
        try write(Array(text.utf8))
    }

    /// Returns when the disk holds the content.
    consuming func finish() throws(FileError) -> Finished {
        let (digest, size) = (digest, tally.size)
        let path = try file.finish()
        return Finished(name: name, path: path, digest: digest, size: size)
    }

    /// Removes the file.
    package consuming func discard() throws(FileError) {
        try file.discard()
    }
}
