internal import Crypto
public import DurableFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension SigningKey {
    /// 32 bytes from the system's source of random numbers.
    public static func randomSeed() -> [UInt8] {
        Array(Curve25519.Signing.PrivateKey().rawRepresentation)
    }

    /// Makes a key, and puts it into a file that its owner alone may read.
    ///
    /// The file is one line, as Go's `note.NewSigner` takes it: `PRIVATE+KEY+<name>+<id>+<base64>`. Beside it comes
    /// the signed checkpoint of the empty log.
    ///
    /// - Parameters:
    ///   - path: The file; there must be none yet. Folders on the way are made.
    ///   - name: The name of the key, which is the origin of the log.
    ///   - seed: The 32 bytes that the key is made from (RFC 8032 §5.1.5).
    ///   - operations: The system calls.
    /// - Returns: The public part.
    /// - Throws: `SigningKeyError`.
    @discardableResult
    public static func create(
        at path: String, name: String, seed: [UInt8] = randomSeed(),
        operations: any FileOperations = FileSystem.posix
    ) throws(SigningKeyError) -> VerifierKey {
        guard KeyName.isValid(name) else { throw .invalidName(name) }
        let (key, verifierKey) = try Self.key(name: name, seed: seed)
        let record = recordPath(ofKeyAt: path)
        let empty = try sign(.empty, key, verifierKey, path)
        try files { () throws(FileError) in
            try Folder.makeDurably(Folder.parent(of: path), operations: operations)
        }
        let lock = try takeLock(path, operations)
        let (hasKey, hasRecord) = try files { () throws(FileError) in
            (try operations.status(of: path) != nil, try operations.status(of: record) != nil)
        }
        guard !hasKey else { throw .exists(path: path) }
        // The making of a key that was cut short leaves a record, but one of the empty log.
        if hasRecord, try readRecord(record, operations).head != .empty {
            throw .orphanedRecord(path: record)
        }
        try files { () throws(FileError) in
            try PendingFile.writeFile(
                empty.bytes, to: record, replacing: hasRecord, permissions: 0o600, operations: operations)
            // Last: there is never a key without its record.
            try PendingFile.writeFile(
                Array("\(privateText(verifierKey, seed))\n".utf8), to: path, replacing: false,
                permissions: 0o600, operations: operations)
        }
        withExtendedLifetime(lock) {}
        return verifierKey
    }

    /// Opens a key for signing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - operations: The system calls.
    /// - Returns: The key, locked against other processes.
    /// - Throws: `SigningKeyError`.
    public static func open(
        at path: String, operations: any FileOperations = FileSystem.posix
    ) throws(SigningKeyError) -> SigningKey {
        let (key, verifierKey) = try read(path, operations)
        let lock = try takeLock(path, operations)
        // Others may keep files in the folder too, so only what dead processes left goes; it does no harm to stay.
        _ = try? TemporaryName.removeStale(inFolder: Folder.parent(of: path), operations: operations)
        let record = recordPath(ofKeyAt: path)
        let checkpoint = try readRecord(record, operations)
        do throws(NoteError) {
            try checkpoint.verify(with: [verifierKey])
        } catch {
            throw .recordUnusable(path: record, error)
        }
        return SigningKey(
            key, verifierKey, path: path, lastSigned: checkpoint, lock: lock, operations: operations)
    }

    /// Reads the public part of a key, which stays free for others to sign with.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - operations: The system calls.
    /// - Returns: The public part.
    /// - Throws: `SigningKeyError`.
    public static func verifierKey(
        ofKeyAt path: String, operations: any FileOperations = FileSystem.posix
    ) throws(SigningKeyError) -> VerifierKey {
        try read(path, operations).1
    }

    private static func privateText(_ key: VerifierKey, _ seed: [UInt8]) -> String {
        let secret = Base64.text(of: [VerifierKey.algorithm] + seed)
        return "PRIVATE+KEY+\(key.name)+\(VerifierKey.hexadecimal(key.keyID))+\(secret)"
    }

    private static func key(
        name: String, seed: [UInt8]
    ) throws(SigningKeyError) -> (Curve25519.Signing.PrivateKey, VerifierKey) {
        guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let verifierKey = VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
        else { throw .invalidSeed }
        return (key, verifierKey)
    }

    private static func read(
        _ path: String, _ operations: any FileOperations
    ) throws(SigningKeyError) -> (Curve25519.Signing.PrivateKey, VerifierKey) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try operations.contents(of: path, limit: 4096, followingLinks: true)
        } catch {
            throw error.kind == .missing ? .missing(path: path) : .file(error)
        }
        try checkPermissions(path)
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[4].hasSuffix("\n"),
            let secret = Base64.bytes(of: parts[4].dropLast()), secret.first == VerifierKey.algorithm,
            case let seed = Array(secret.dropFirst()),
            let (key, verifierKey) = try? Self.key(name: String(parts[2]), seed: seed),
            privateText(verifierKey, seed) + "\n" == text
        else { throw .malformed(path: path) }
        return (key, verifierKey)
    }

    private static func checkPermissions(_ path: String) throws(SigningKeyError) {
        // The mode is the file's, not that of a symbolic link to it.
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let mode = attributes?[.posixPermissions] as? UInt else { throw .missing(path: path) }
        guard mode & 0o077 == 0 else {
            throw .accessibleToOthers(path: path, permissions: UInt16(truncatingIfNeeded: mode))
        }
    }

    private static func readRecord(
        _ path: String, _ operations: any FileOperations
    ) throws(SigningKeyError) -> Checkpoint {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try operations.contents(
                of: path, limit: SignedNote.largestSize + 1, followingLinks: true)
        } catch {
            throw error.kind == .missing ? .recordMissing(path: path) : .file(error)
        }
        do throws(NoteError) {
            return try Checkpoint(bytes)
        } catch {
            throw .recordUnusable(path: path, error)
        }
    }

    private static func takeLock(
        _ path: String, _ operations: any FileOperations
    ) throws(SigningKeyError) -> FolderLock {
        do throws(FolderLock.Failure) {
            return try FolderLock(path: path + ".lock", operations: operations)
        } catch {
            switch error {
            case .held(let process): throw .inUse(path: path, process: process)
            case .file(let error): throw .file(error)
            }
        }
    }

    private static func files<Result>(
        _ body: () throws(FileError) -> Result
    ) throws(SigningKeyError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}
