internal import Digests
package import DurableFiles

/// A bag in the making: a folder of files with their SHA-256 (BagIt 1.0, RFC 8493).
///
/// The bag lies under a temporary name until it is complete and on the disk. Memory does not grow with the number of
/// files.
package struct BagWriter: ~Copyable {
    private var folder: PendingFolder
    private let manifest: BagFile

    /// Bytes in the payload so far.
    package private(set) var octets: Int64 = 0

    /// Files in the payload so far.
    package private(set) var streams = 0

    /// Begins a bag.
    ///
    /// - Parameters:
    ///   - output: The path of the bag: free, or an empty folder.
    ///   - operations: The system calls.
    /// - Throws: `FileError`.
    package init(at output: String, operations: any FileOperations) throws(FileError) {
        var folder = try PendingFolder(for: output, operations: operations)
        manifest = BagFile("manifest-sha256.txt", try folder.makeFile("manifest-sha256.txt"))
        self.folder = folder
    }

    /// Begins a file of the payload.
    ///
    /// - Parameter name: Its path below `data`; any name that is no path out of it.
    /// - Returns: The file, to be written and added.
    /// - Throws: `FileError`.
    package mutating func begin(_ name: String) throws(FileError) -> BagFile {
        let name = "data/" + name
        return BagFile(name, try folder.makeFile(name))
    }

    /// Adds a file that was written.
    ///
    /// - Parameter file: What `begin(_:)` gave.
    /// - Returns: Where the file is for now.
    /// - Throws: `FileError`.
    @discardableResult
    package mutating func add(_ file: consuming BagFile) throws(FileError) -> String {
        let finished = try file.finish()
        try manifest.write(Self.line(finished.digest, finished.name))
        octets += finished.size
        streams += 1
        return finished.path
    }

    /// Adds a small file.
    ///
    /// - Parameters:
    ///   - bytes: Its content.
    ///   - name: Its path below `data`.
    /// - Throws: `FileError`.
    package mutating func add(_ bytes: [UInt8], as name: String) throws(FileError) {
        let file = try begin(name)
        try file.write(bytes)
        try add(file)
    }

    /// Completes the bag, and gives it its name.
    ///
    /// - Parameter info: What `bag-info.txt` says beside `Payload-Oxum`, in order; no value has a line feed.
    /// - Throws: `FileError`; nothing is left then.
    package consuming func close(info: [(name: String, value: String)]) throws(FileError) {
        let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        let elements = info + [("Payload-Oxum", "\(octets).\(streams)")]
        let text = elements.map { "\($0.name): \($0.value)\n" }.joined()
        var tags: [UInt8] = []
        for (name, content) in [("bag-info.txt", text), ("bagit.txt", declaration)] {
            let file = BagFile(name, try folder.makeFile(name))
            try file.write(Array(content.utf8))
            let finished = try file.finish()
            tags += Self.line(finished.digest, finished.name)
        }
        let finished = try manifest.finish()
        tags += Self.line(finished.digest, finished.name)
        let file = try folder.makeFile("tagmanifest-sha256.txt")
        try file.write(tags)
        try file.finish()
        try folder.publish()
    }

    /// A line of a manifest; line breaks and percent signs of a name are encoded, and nothing else (RFC 8493 §2.1.3).
    static func line(_ digest: Digest, _ name: String) -> [UInt8] {
        var line = Array("\(digest.hexadecimal)  ".utf8)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): line += Array("%0A".utf8)
            case UInt8(ascii: "\r"): line += Array("%0D".utf8)
            case UInt8(ascii: "%"): line += Array("%25".utf8)
            default: line.append(byte)
            }
        }
        return line + [UInt8(ascii: "\n")]
    }
}
