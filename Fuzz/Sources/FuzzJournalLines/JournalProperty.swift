import AuditTrail
import Foundation
import TransparencyLog

/// What holds for any bytes that somebody without the key adds to a journal.
enum JournalProperty {
    /// A journal of the key's holder, and a folder to read it in.
    private struct Sample {
        let folder: String
        let signer: LineSigner
        let bytes: [UInt8]
        let lines: Int

        var segment: URL { URL(filePath: folder + "/journal/000000.jsonl") }
        var trust: JournalTrust { JournalTrust(keys: [signer.verifierKey]) }

        init() throws {
            folder = NSTemporaryDirectory() + "voxkeep-journal-\(UUID().uuidString)"
            try FileManager.default.createDirectory(
                atPath: folder + "/journal", withIntermediateDirectories: true)
            try SigningKey.create(
                at: folder + "/key", name: "archive.example/log1", seed: [UInt8](repeating: 1, count: 32))
            signer = try SigningKey.open(at: folder + "/key").lineSigner
            var journal = try Journal(
                at: folder + "/journal", trusting: JournalTrust(keys: [signer.verifierKey]))
            let key = JournalEvent("key", entry: ["new": .string(signer.verifierKey.text), "old": nil])
            let hold = JournalEvent("hold", details: ["hold": "1"], entry: ["hold": "1"])
            lines = try journal.append(
                [key, hold], at: Date(timeIntervalSince1970: 1_795_590_600), actor: "alice", signer: signer,
                nonce: { 7 }
            ).count
            bytes = Array(try Data(contentsOf: URL(filePath: folder + "/journal/000000.jsonl")))
        }
    }

    private static let sample = Result { try Sample() }

    /// Reads a journal with the bytes behind the holder's lines, and throws where they do or stop anything.
    static func check(_ input: [UInt8]) throws {
        let sample = try sample.get()
        try Data(sample.bytes + input).write(to: sample.segment)
        for trust in [sample.trust, .unknown] {
            var reader = try JournalReader(at: sample.folder + "/journal", trusting: trust)
            var count = 0
            while let line = try reader.next() {
                try require(line.number == count, "a line has another number than its place")
                if count >= sample.lines {
                    try require(line.entry == nil && !line.isSigned, "somebody else's line is the holder's")
                    try require(
                        line.isForeign || JournalEvent.unsigned.contains(line.event),
                        "somebody else's line tells of what has effects")
                }
                count += 1
            }
            try require(count >= sample.lines, "lines of the holder are gone")
        }
        var journal = try Journal(at: sample.folder + "/journal", trusting: sample.trust)
        let added = try journal.append(
            [JournalEvent("release", entry: ["hold": "1"])], at: Date(timeIntervalSince1970: 1_795_590_601),
            actor: "alice", signer: sample.signer)
        var reader = try JournalReader(at: sample.folder + "/journal", trusting: sample.trust)
        var last: JournalLine?
        while let line = try reader.next() { last = line }
        try require(last == added.last && last?.isSigned == true, "the holder cannot go on")
    }

    private static func require(_ holds: Bool, _ violation: String) throws {
        if !holds { throw Violation(description: violation) }
    }

    /// What does not hold, though it should for any bytes at all.
    private struct Violation: Error, CustomStringConvertible {
        let description: String
    }
}
