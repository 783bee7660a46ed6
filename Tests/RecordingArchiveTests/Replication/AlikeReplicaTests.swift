import DurableFiles
import Foundation
import RecordingArchive
import Synchronization
import TestSupport
import Testing

/// Two replicas whose names differ only in how a letter is encoded: a `String` takes them for one, a file system does not.
struct AlikeReplicaTests {
    private static func flip(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[0] ^= 1
        try FileManager.default.removeItem(atPath: path)
        try bytes.write(to: URL(filePath: path))
    }

    @Test func `are told apart by verification and repair`() async throws {
        let scratch = try ScratchArchive()
        let (known, named) = (scratch.folder("B\u{FC}ro"), scratch.folder("Bu\u{308}ro"))
        try #require(known == named && PathKey(known) != PathKey(named))
        let archive = try await scratch.open()
        try await archive.addReplica(known)
        let recording = try await archive.addMessage(from: "1")
        _ = try await archive.replicate(to: known)
        try await archive.close()
        try FileManager.default.copyItem(atPath: known, toPath: named)
        func replicas() async throws -> [PathKey] {
            let findings = try await scratch.findings(replicas: [named]).filter(\.kind.isDamage)
            #expect(findings.allSatisfy { $0.kind == .fileAltered })
            return findings.compactMap { $0.replica.map(PathKey.init) }
        }
        #expect(try await replicas() == [])
        try Self.flip("\(named)/\(recording.path)")
        #expect(try await replicas() == [PathKey(named)])
        try Self.flip("\(known)/\(recording.path)")
        #expect(try await Set(replicas()) == [PathKey(known), PathKey(named)])

        let key = LogKey(path: scratch.folder("log.key"), mayBeMade: false)
        let repaired = Mutex<[PathKey]>([])
        try await RecordingArchive.repair(
            try await scratch.findings(replicas: [named]), at: scratch.path, replicas: [named],
            key: { _, _ in key }, context: scratch.context()
        ) { repair in
            #expect(repair.isDone, "\(repair.message)")
            repaired.withLock { $0.append(contentsOf: repair.replica.map { [PathKey($0)] } ?? []) }
        }
        #expect(Set(repaired.withLock { $0 }) == [PathKey(known), PathKey(named)])
        #expect(try await replicas() == [])
    }
}
