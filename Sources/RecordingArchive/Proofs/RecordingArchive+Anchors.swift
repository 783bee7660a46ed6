internal import AuditTrail
package import Digests
internal import DurableFiles
internal import TransparencyLog

/// A checkpoint of the log that somebody outside was asked to stamp with the time.
package struct StoredAnchor: Sendable, Hashable {
    /// `<tree size>-<nonce>`: the names of its files without their endings.
    package let name: String
    /// The checkpoint that was stamped, to the byte.
    package let checkpoint: [UInt8]
    /// The nonce of the query.
    package let nonce: UInt64
    /// The answer, an RFC 3161 TimeStampResp; nil where none has come yet.
    package let answer: [UInt8]?

    /// The name of the anchor whose checkpoint a file is, by the file's name; nil for any other file.
    static func name(ofCheckpoint file: String) -> String? {
        let suffix = ".checkpoint"
        guard file.hasSuffix(suffix) else { return nil }
        let name = String(file.dropLast(suffix.count))
        return parts(name) == nil ? nil : name
    }

    /// The tree size and the nonce in a name; nil where it is none of an anchor.
    static func parts(_ name: String) -> (size: UInt64, nonce: UInt64)? {
        let parts = name.split(separator: "-")
        guard parts.count == 2, let size = UInt64(parts[0]), let nonce = UInt64(parts[1], radix: 16) else {
            return nil
        }
        return (size, nonce)
    }
}

extension RecordingArchive {
    /// Larger than any checkpoint or answer that is kept.
    private static let largestAnchorFile = 1 << 20

    /// The certificates of the authorities that anchors are checked with, PEM; nil where none were given.
    ///
    /// - Returns: The content of `anchors/authorities.pem`.
    /// - Throws: `ArchiveError`.
    package nonisolated func anchorAuthorities() throws(ArchiveError) -> String? {
        let path = Folder.path(layout.anchors, "authorities.pem")
        return try Self.files(layout) { () throws(FileError) in
            try operations.contentsIfThere(of: path, limit: Self.largestAnchorFile)
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Keeps the certificates of the authorities that anchors are checked with.
    ///
    /// - Parameter pem: The certificates.
    /// - Throws: `ArchiveError`.
    package func setAnchorAuthorities(_ pem: String) throws(ArchiveError) {
        try write(Array(pem.utf8), to: "authorities.pem", replacing: true)
    }

    /// The anchors whose files can be read, ordered by tree size.
    ///
    /// Which ones must be there, the journal tells, and a verification finds out.
    ///
    /// - Returns: The anchors, those without an answer included; nothing was checked.
    package nonisolated func anchors() -> [StoredAnchor] {
        let names = (try? operations.names(inFolder: layout.anchors)) ?? []
        var anchors: [(size: UInt64, anchor: StoredAnchor)] = []
        for name in names {
            guard let stem = StoredAnchor.name(ofCheckpoint: name),
                let (size, nonce) = StoredAnchor.parts(stem),
                let checkpoint = content(of: name)
            else { continue }
            let answer = names.contains(stem + ".tsr") ? content(of: stem + ".tsr") : nil
            anchors.append(
                (size, StoredAnchor(name: stem, checkpoint: checkpoint, nonce: nonce, answer: answer)))
        }
        return anchors.sorted { ($0.size, $0.anchor.name) < ($1.size, $1.anchor.name) }.map(\.anchor)
    }

    private nonisolated func content(of name: String) -> [UInt8]? {
        try? operations.contents(of: Folder.path(layout.anchors, name), limit: Self.largestAnchorFile + 1)
    }

    /// Begins an anchor: keeps the newest checkpoint with the query that is to be sent.
    ///
    /// - Parameter query: Makes the query's bytes from the checkpoint's SHA-256 and a nonce.
    /// - Returns: The anchor and the query.
    /// - Throws: `ArchiveError`.
    package func beginAnchor(
        _ query: (Digest, UInt64) -> [UInt8]
    ) throws(ArchiveError) -> (anchor: StoredAnchor, query: [UInt8]) {
        try checkWritable()
        let checkpoint = try checkpoint()
        let nonce = UInt64(truncatingIfNeeded: context.randomNonce())
        let digits = String(nonce, radix: 16)
        let name = "\(checkpoint.head.size)-" + String(repeating: "0", count: 16 - digits.count) + digits
        let bytes = query(SHA256Hasher.digest(of: checkpoint.bytes), nonce)
        try write(bytes, to: name + ".tsq", replacing: false)
        // Last: an anchor is there when its checkpoint is.
        try write(checkpoint.bytes, to: name + ".checkpoint", replacing: false)
        return (
            StoredAnchor(name: name, checkpoint: checkpoint.bytes, nonce: nonce, answer: nil), bytes
        )
    }

    /// Ends an anchor: keeps the answer, which the caller has checked.
    ///
    /// - Parameters:
    ///   - anchor: An anchor without an answer.
    ///   - answer: The answer.
    ///   - time: The time that the answer bears, ISO 8601.
    /// - Throws: `ArchiveError`.
    package func endAnchor(_ anchor: StoredAnchor, answer: [UInt8], time: String) throws(ArchiveError) {
        try checkWritable()
        try write(answer, to: anchor.name + ".tsr", replacing: false)
        guard
            let files = AnchorFiles(
                anchor.name, checkpoint: SHA256Hasher.digest(of: anchor.checkpoint),
                token: SHA256Hasher.digest(of: answer))
        else { preconditionFailure("anchors are named by beginAnchor") }
        try record(LogAnchored(files, time: time))
        try flush()
    }

    private func write(_ bytes: [UInt8], to name: String, replacing: Bool) throws(ArchiveError) {
        try checkWritable()
        try Self.files(layout) { () throws(FileError) in
            try Folder.makeDurably(layout.anchors, below: layout.root, operations: operations)
            try PendingFile.writeFile(
                bytes, to: Folder.path(layout.anchors, name), replacing: replacing, operations: operations)
        }
    }
}
