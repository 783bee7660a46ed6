/// What a log's key has signed: that the log of this name had this tree head (c2sp.org/tlog-checkpoint).
public struct Checkpoint: Sendable, Hashable {
    /// The name of the log.
    public let origin: String

    /// The number of entries and the root hash.
    public let head: TreeHead

    /// The note that the checkpoint was read from, or that was made of it, with its signatures.
    public let note: SignedNote

    /// Reads a checkpoint, without checking any signature.
    ///
    /// - Parameter bytes: A signed note.
    /// - Throws: `NoteError.malformed`.
    public init(_ bytes: some Sequence<UInt8>) throws(NoteError) {
        try self.init(note: SignedNote(bytes))
    }

    /// Reads a checkpoint that a known key has signed, for the log that bears the key's name.
    ///
    /// - Parameters:
    ///   - bytes: A signed note.
    ///   - keys: The keys that are trusted, any of which will do.
    /// - Throws: `NoteError`.
    public init(_ bytes: some Sequence<UInt8>, signedBy keys: [VerifierKey]) throws(NoteError) {
        try self.init(bytes)
        try verify(with: keys)
    }

    init(note: SignedNote) throws(NoteError) {
        let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false)
        // The text ends with a line feed, so one empty line follows the last; others may not be in between.
        guard lines.count >= 4, !lines.dropLast().contains("") else {
            throw .malformed(reason: "it has not the three lines of a checkpoint")
        }
        guard let size = Numeral.number(lines[1]), size <= TreeHead.largestSize else {
            throw .malformed(reason: "its tree size is no number that a log can have")
        }
        guard let root = TreeHash(base64: lines[2]) else {
            throw .malformed(reason: "its root hash is not 32 bytes in base64")
        }
        origin = String(lines[0])
        head = TreeHead(checkedSize: size, root: RootHash(root))
        self.note = note
    }

    /// The checkpoint as it is stored.
    public var bytes: [UInt8] { note.bytes }

    /// Checks the signatures of known keys, and that the signer's name is the log's.
    ///
    /// - Parameter keys: The keys that are trusted, any of which will do.
    /// - Returns: The first key that has signed.
    /// - Throws: `NoteError`.
    @discardableResult
    public func verify(with keys: [VerifierKey]) throws(NoteError) -> VerifierKey {
        let signer = try note.verify(with: keys)
        // A key with the name of another log signs as a witness of this one, which says nothing of its entries.
        guard signer.name.utf8.elementsEqual(origin.utf8) else {
            throw .foreignOrigin(found: origin, expected: signer.name)
        }
        return signer
    }

    /// What is signed: the origin, the tree size and the root hash, a line each.
    static func text(origin: String, head: TreeHead) -> String {
        "\(origin)\n\(head.size)\n\(head.root)\n"
    }
}
