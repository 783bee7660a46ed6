internal import Crypto
internal import DurableFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The private key of a log, with the last checkpoint that it signed.
///
/// It signs only what is proved to extend that checkpoint, so a copy or an older state of the log never becomes a
/// second, signed history. What is signed is recorded beside the key before anyone sees it. A lock keeps the key
/// to one process at a time; it is held for as long as the value lives.
public struct SigningKey: ~Copyable, Sendable {
    /// The public part.
    public let verifierKey: VerifierKey

    /// The file that the key is in.
    public let path: String

    /// What the key signed last: for a new key, the empty log.
    public private(set) var lastSigned: Checkpoint

    private let key: Curve25519.Signing.PrivateKey
    private let operations: any FileOperations
    private let lock: FolderLock
    private var isStopped = false

    /// For `open`, which has checked that the parts belong together.
    init(
        _ key: Curve25519.Signing.PrivateKey, _ verifierKey: VerifierKey, path: String,
        lastSigned: Checkpoint, lock: consuming FolderLock, operations: any FileOperations
    ) {
        self.key = key
        self.verifierKey = verifierKey
        self.path = path
        self.lastSigned = lastSigned
        self.lock = lock
        self.operations = operations
    }

    /// What signs lines of the journal with this key.
    public var lineSigner: LineSigner { LineSigner(key, verifierKey) }

    /// The file beside a key that has the last checkpoint that it signed.
    public static func recordPath(ofKeyAt path: String) -> String { path + ".checkpoint" }

    /// Signs a tree head that extends the last one, and returns when a power cut cannot take the record of it.
    ///
    /// What was signed last is not signed again: it is returned as it was.
    ///
    /// - Parameters:
    ///   - head: The tree head.
    ///   - proof: That it extends `lastSigned`.
    /// - Returns: The signed checkpoint.
    /// - Throws: `SigningKeyError`. Where the record could not be written, the key signs nothing more.
    public mutating func sign(_ head: TreeHead, extending proof: ConsistencyProof) throws(SigningKeyError)
        -> Checkpoint
    {
        guard !isStopped else { throw .stopped(path: path) }
        let signed = lastSigned.head
        if head == signed { return lastSigned }
        do throws(ProofError) {
            guard proof.oldSize == signed.size, proof.newSize == head.size else {
                throw .sizesOutOfOrder(old: signed.size, new: head.size)
            }
            try proof.verify(from: signed.root, to: head.root)
        } catch {
            throw .notExtending(path: path, signed: signed.size, offered: head.size, error)
        }
        let checkpoint = try Self.sign(head, key, verifierKey, path)
        isStopped = true
        do throws(FileError) {
            try PendingFile.writeFile(
                checkpoint.bytes, to: Self.recordPath(ofKeyAt: path), replacing: true, permissions: 0o600,
                operations: operations)
        } catch {
            // The record may have been replaced all the same. Nobody has seen the signature, so the next opening
            // may find either, but this value no longer knows which.
            throw .file(error)
        }
        isStopped = false
        lastSigned = checkpoint
        return checkpoint
    }

    static func sign(
        _ head: TreeHead, _ key: Curve25519.Signing.PrivateKey, _ verifierKey: VerifierKey, _ path: String
    ) throws(SigningKeyError) -> Checkpoint {
        let text = Checkpoint.text(origin: verifierKey.name, head: head)
        guard let signature = try? key.signature(for: Array(text.utf8)),
            let checkpoint = try? Checkpoint(
                note: SignedNote(
                    text: text,
                    signatures: [
                        SignedNote.Signature(
                            name: verifierKey.name, keyID: verifierKey.keyID, bytes: Array(signature))
                    ])),
            // A fault in memory between key and signature could give the key away (fault attacks on Ed25519).
            (try? checkpoint.verify(with: [verifierKey])) != nil
        else { throw .malformed(path: path) }
        return checkpoint
    }
}
