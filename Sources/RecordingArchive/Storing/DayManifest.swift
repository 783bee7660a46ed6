internal import Digests
internal import DurableFiles

/// `manifest-sha256.txt` of a folder with recordings, which `sha256sum -c` checks.
struct DayManifest {
    static let name = "manifest-sha256.txt"

    /// Far more lines than a day has messages.
    private static let largestSize = 64 << 20

    let folder: String
    let operations: any FileOperations

    var path: String { Folder.path(folder, Self.name) }

    static func line(_ digest: Digest, _ name: some StringProtocol) -> String {
        "\(digest.hexadecimal)  \(name)\n"
    }

    /// Adds a file's line; where an earlier run may have done so, looks for it first.
    ///
    /// Where something else than a file is in its place, there is no manifest, which a verification tells.
    func add(_ digest: Digest, _ name: some StringProtocol, mayBeThere: Bool) throws(FileError) {
        let line = Self.line(digest, name)
        if mayBeThere, try lines().contains(String(line.dropLast())) { return }
        do throws(FileError) {
            try append(line)
        } catch {
            guard error.isNoFile else { throw error }
        }
    }

    private func append(_ line: String) throws(FileError) {
        var file = try AppendedFile(path: path, operations: operations)
        let isNew = file.size == 0
        // What a crash cut short has no line feed behind it. What is longer than a name and a digest was not left by us;
        // it stays, on a line of its own.
        let isWhole = try file.cutUnfinishedLine(longestLine: 512) != nil
        try file.append(Array(((isWhole ? "" : "\n") + line).utf8))
        try file.synchronize()
        if isNew { try operations.synchronizeFolder(folder) }
    }

    /// The lines, each without its line feed; none of what is no file.
    func lines() throws(FileError) -> [String] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try operations.contentsIfThere(of: path, limit: Self.largestSize) ?? []
        } catch {
            guard error.isNoFile else { throw error }
            return []
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Replaces the manifest by one without a file's lines; removes it where nothing is left.
    ///
    /// The new one is written in the temporary folder first, where what a crash leaves is removed.
    func remove(_ name: some StringProtocol, temporaryFolder: String) throws(FileError) {
        let old = try lines()
        let rest = old.filter { !$0.hasSuffix("  \(name)") }
        guard rest.count < old.count else { return }
        try write(rest, temporaryFolder: temporaryFolder)
    }

    /// Writes the manifest anew, first in the temporary folder.
    func write(_ lines: [String], temporaryFolder: String) throws(FileError) {
        guard !lines.isEmpty else {
            if try operations.confirmedStatus(of: path) != nil { try operations.remove(path) }
            return try operations.synchronizeFolder(folder)
        }
        try PendingFile.writeFile(
            Array(lines.map { $0 + "\n" }.joined().utf8), to: path, replacing: true,
            temporaryFolder: temporaryFolder, operations: operations)
    }
}
