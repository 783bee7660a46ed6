/// All that it takes to check, with no log at hand, that an entry is in one (c2sp.org/tlog-proof@v1).
///
/// Kept as a file, it ends in `.tlog-proof`. The verifier key must come from elsewhere.
public struct LogProof: Sendable, Hashable {
    /// The largest proof that is read, in bytes: a checkpoint of the largest size, and 63 hashes.
    public static let largestSize = SignedNote.largestSize + 1 << 17

    private static let header = "c2sp.org/tlog-proof@v1"

    /// Bytes for the application, which no signature covers; nil for none.
    public let extra: [UInt8]?

    /// That the entry is in the tree of the checkpoint.
    public let inclusion: InclusionProof

    /// The root hash that the log's key has signed.
    public let checkpoint: Checkpoint

    /// Puts a proof together; nil where the inclusion proof is for another size than the checkpoint's.
    public init?(inclusion: InclusionProof, checkpoint: Checkpoint, extra: [UInt8]? = nil) {
        guard inclusion.treeSize == checkpoint.head.size else { return nil }
        self.init(checked: inclusion, checkpoint, extra)
    }

    /// For an inclusion proof that was made for the checkpoint.
    init(checked inclusion: InclusionProof, _ checkpoint: Checkpoint, _ extra: [UInt8]?) {
        self.inclusion = inclusion
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Reads a proof, without checking it.
    ///
    /// - Parameter bytes: The content of a `.tlog-proof` file.
    /// - Throws: `NoteError.malformed`.
    public init(_ bytes: some Sequence<UInt8>) throws(NoteError) {
        let bytes = Array(bytes)
        guard bytes.count <= Self.largestSize else { throw .malformed(reason: "it is larger than any proof") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(reason: "it is not text in UTF-8")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.header[...] else {
            throw .malformed(reason: "its first line is not \(Self.header)")
        }
        extra = try Self.extra(&lines)
        guard let line = lines.popFirst(), line.hasPrefix("index "),
            let index = Numeral.number(line.dropFirst(6))
        else { throw .malformed(reason: "it does not say the index of an entry") }
        var hashes: [TreeHash] = []
        while let line = lines.popFirst(), !line.isEmpty {
            guard let hash = TreeHash(base64: line) else {
                throw .malformed(reason: "one of its hashes is not 32 bytes in base64")
            }
            hashes.append(hash)
        }
        checkpoint = try Checkpoint(lines.joined(separator: "\n").utf8)
        inclusion = InclusionProof(index: index, treeSize: checkpoint.head.size, hashes: hashes)
    }

    private static func extra(_ lines: inout ArraySlice<Substring>) throws(NoteError) -> [UInt8]? {
        guard let line = lines.first, line.hasPrefix("extra ") else { return nil }
        lines.removeFirst()
        guard let bytes = Base64.bytes(of: line.dropFirst(6)) else {
            throw .malformed(reason: "its extra data is not base64")
        }
        return bytes
    }

    /// The proof as it is stored.
    public var bytes: [UInt8] {
        var lines = [Self.header]
        if let extra { lines.append("extra \(Base64.text(of: extra))") }
        lines.append("index \(inclusion.index)")
        lines += inclusion.hashes.map(\.description)
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + checkpoint.bytes
    }

    /// Why a proof file does not prove that an entry is in a log.
    public enum Failure: Error, Sendable, Hashable {
        /// The checkpoint is not to be trusted.
        case checkpoint(NoteError)
        /// The hashes do not lead from the entry to the checkpoint's root.
        case inclusion(ProofError)
    }

    /// Checks that a key has signed a checkpoint of a log that has this entry.
    ///
    /// - Parameters:
    ///   - entry: The entry, to the byte.
    ///   - keys: The keys that are trusted, any of which will do.
    /// - Throws: `Failure`.
    public func verify(_ entry: LogEntry, with keys: [VerifierKey]) throws(Failure) {
        do throws(NoteError) {
            try checkpoint.verify(with: keys)
        } catch {
            throw .checkpoint(error)
        }
        do throws(ProofError) {
            try inclusion.verify(entry.leafHash, root: checkpoint.head.root)
        } catch {
            throw .inclusion(error)
        }
    }
}

extension LogProof.Failure: CustomStringConvertible {
    /// One sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .checkpoint(let error): "the proof's checkpoint is not to be trusted: \(error)"
        case .inclusion(let error): error.description
        }
    }
}
