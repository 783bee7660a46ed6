import DurableFiles
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct SigningKeyTests {
    private func open(_ folder: ScratchFolder) throws -> SigningKey {
        try SigningKey.open(at: folder.keyPath)
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `is one line for its owner alone, with the empty log signed beside it`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let key = try folder.makeKey()
        #expect(
            folder.text("keys/log1") == "PRIVATE+KEY+archive.example/log1+f3cf121c+"
                + "AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n")
        #expect(try permissions(folder.keyPath) == 0o600)
        #expect(try permissions(SigningKey.recordPath(ofKeyAt: folder.keyPath)) == 0o600)
        #expect(try SigningKey.verifierKey(ofKeyAt: folder.keyPath) == key)
        let opened = try open(folder)
        #expect(opened.verifierKey == key)
        let lastSigned = opened.lastSigned
        #expect(lastSigned.head == .empty)
        #expect(throws: Never.self) { try lastSigned.verify(with: [key]) }
    }

    @Test func `is another one each time, when made from the system's random numbers`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let first = try SigningKey.create(at: folder("a"), name: "log")
        let second = try SigningKey.create(at: folder("b"), name: "log")
        #expect(first.publicKey != second.publicKey)
    }

    @Test(arguments: ["", "a b", "a+b", "a\nb", "a\u{A0}b", "a\u{0}"])
    func `takes no name that notes cannot hold`(name: String) throws {
        let folder = try ScratchFolder(inMemory: true)
        #expect(throws: SigningKeyError.invalidName(name)) {
            try SigningKey.create(at: folder.keyPath, name: name)
        }
        #expect(folder.files() == [])
    }

    @Test func `is never overwritten, nor is the record of a key that is gone`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [3])
        #expect(throws: SigningKeyError.exists(path: folder.keyPath)) { try folder.makeKey() }
        try FileManager.default.removeItem(atPath: folder.keyPath)
        let record = SigningKey.recordPath(ofKeyAt: folder.keyPath)
        #expect(throws: SigningKeyError.orphanedRecord(path: record)) { try folder.makeKey() }
        #expect(throws: SigningKeyError.missing(path: folder.keyPath)) { _ = try open(folder) }
    }

    @Test(arguments: [0o644, 0o640, 0o602, 0o610])
    func `is refused where others have access to it`(mode: Int) throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.keyPath)
        let error = SigningKeyError.accessibleToOthers(path: folder.keyPath, permissions: UInt16(mode))
        #expect(throws: error) { _ = try open(folder) }
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder.keyPath)
        try FileManager.default.createSymbolicLink(
            atPath: folder("alias"), withDestinationPath: folder.keyPath)
        #expect(throws: Never.self) { try SigningKey.verifierKey(ofKeyAt: folder("alias")) }
    }

    @Test func `is refused after any byte of it was changed`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        let bytes = Array(try #require(folder.text("keys/log1")).utf8)
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1
            try FileManager.default.removeItem(atPath: folder.keyPath)
            _ = FileManager.default.createFile(
                atPath: folder.keyPath, contents: Data(changed), attributes: [.posixPermissions: 0o600])
            #expect(throws: SigningKeyError.malformed(path: folder.keyPath), "byte \(position)") {
                try SigningKey.verifierKey(ofKeyAt: folder.keyPath)
            }
        }
    }

    @Test func `does not sign without a record that it signed itself`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        let record = SigningKey.recordPath(ofKeyAt: folder.keyPath)
        let text = try #require(folder.text("keys/log1.checkpoint"))
        try folder.write(Array(text.replacing("\n0\n", with: "\n1\n").utf8), to: "keys/log1.checkpoint")
        #expect(throws: SigningKeyError.recordUnusable(path: record, .badSignature(key: GoldenVector.name))) {
            _ = try open(folder)
        }
        try FileManager.default.removeItem(atPath: record)
        #expect(throws: SigningKeyError.recordMissing(path: record)) { _ = try open(folder) }
    }

    @Test func `is opened without the leavings of a dead process`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        try folder.write([1], to: "keys/.voxkeep-999999999-1.tmp")
        try folder.write([1], to: "keys/other")
        _ = try open(folder)
        #expect(folder.files() == ["keys/log1", "keys/log1.checkpoint", "keys/log1.lock", "keys/other"])
    }

    @Test func `is locked while it is open`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        do {
            let key = try open(folder)
            let process = TemporaryName.currentProcess
            #expect(throws: SigningKeyError.inUse(path: folder.keyPath, process: process)) {
                _ = try open(folder)
            }
            withExtendedLifetime(key) {}
        }
        #expect(throws: Never.self) { _ = try open(folder) }
    }

    @Test func `signs what is proved to extend the last, and nothing else`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeLog(sizes: [5])
        let other = try ScratchFolder(inMemory: true)
        let shorter = try other.makeLog(sizes: [3]).head
        let reader = try folder.reader()
        let longer = try ScratchFolder(inMemory: true)
        let next = try longer.makeLog(sizes: [5, 9])
        var key = try open(folder)
        let proof = try longer.reader().consistencyProof(from: reader.checkpoint.head)
        let noProof = ConsistencyProof(oldSize: 5, newSize: 9, hashes: [])
        #expect(throws: SigningKeyError.self) { try key.sign(next.head, extending: noProof) }
        let fromNothing = ConsistencyProof(oldSize: 0, newSize: 9, hashes: [])
        #expect(throws: SigningKeyError.self) { try key.sign(next.head, extending: fromNothing) }
        let backwards = ConsistencyProof(oldSize: 3, newSize: 5, hashes: proof.hashes)
        #expect(throws: SigningKeyError.self) { try key.sign(shorter, extending: backwards) }
        let forked = try #require(TreeHead(size: 5, root: next.head.root))
        let same = ConsistencyProof(oldSize: 5, newSize: 5, hashes: [])
        #expect(throws: SigningKeyError.self) { try key.sign(forked, extending: same) }
        #expect(try key.sign(reader.checkpoint.head, extending: same) == reader.checkpoint)
        #expect(try key.sign(next.head, extending: proof) == next)
        #expect(folder.text("keys/log1.checkpoint").map { Array($0.utf8) } == next.bytes)
    }
}
