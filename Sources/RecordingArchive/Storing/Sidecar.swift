package import Digests
package import DurableFiles
internal import TransparencyLog

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What lies beside a recording's file: all facts of the message, and the salt that its commitment is made with.
///
/// The file is one line of canonical JSON (RFC 8785) and a line feed. Retention and holds are a copy of what the
/// journal says, for whoever has the two files alone; the answers of hooks are nowhere else but in the catalog.
package struct Sidecar: Sendable, Hashable {
    /// A hold that the recording is under.
    package struct Hold: Sendable, Hashable, Codable {
        /// The hold's id.
        package var hold: String
        /// The case that it is for.
        package var `case`: String

        /// Makes a mark of a hold.
        package init(hold: String, case: String) {
            self.hold = hold
            self.case = `case`
        }
    }

    /// The value of `format`.
    static let format = "voxkeep-recording"

    /// The version that this program writes and reads.
    static let version = 1

    /// The most bytes that a sidecar is read with: findings of a hostile file are bounded far below.
    package static let largestSize = 16 << 20

    /// The recording's id: 32 hexadecimal digits.
    package let id: String
    /// Where in the archive the recording is.
    package let state: Recording.State
    /// 1, and more for further messages that agree in identity and source.
    package let ordinal: Int
    /// The path of the file, relative to the archive.
    package let path: String
    /// 32 random bytes, without which the commitment tells nothing about the facts.
    package let salt: Digest
    /// The facts, which never change.
    package let facts: RecordingFacts
    /// How long the recording is kept.
    package var retention: Retention
    /// The holds, ordered by id.
    package var holds: [Hold]
    /// What hooks have answered, ordered by their names.
    package var answers: [HookAnswer]

    /// The facts as canonical JSON: what the commitment is made over.
    package func metadata() throws(ArchiveError) -> [UInt8] {
        try Self.canonical(facts, path)
    }

    /// What the log says about the facts: SHA-256 over the salt and `metadata()`.
    package func commitment() throws(ArchiveError) -> Digest {
        SHA256Hasher.digest(of: salt.bytes + (try metadata()))
    }

    /// The content of the file.
    package func bytes() throws(ArchiveError) -> [UInt8] {
        let content = Content(
            answers: answers.isEmpty ? nil : answers, format: Self.format, holds: holds, id: id,
            metadata: facts, ordinal: ordinal, path: path, retention: RetentionCopy(retention, facts),
            salt: salt,
            state: state, v: Self.version)
        return try Self.canonical(content, path) + [UInt8(ascii: "\n")]
    }

    /// Reads a sidecar; nil unless the bytes are exactly what `bytes()` makes of what they say, and the path is one that a
    /// recording can have.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.largestSize,
            let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            content.format == Self.format, content.v == Self.version,
            FileNaming.isConfined(content.path, content.state)
        else { return nil }
        self.init(
            id: content.id, state: content.state, ordinal: content.ordinal, path: content.path,
            salt: content.salt, facts: content.metadata,
            retention: content.retention.retention(content.metadata), holds: content.holds,
            answers: content.answers ?? [])
        guard (try? self.bytes()) == bytes else { return nil }
    }

    /// Reads a sidecar's file; nil where there is none.
    ///
    /// - Throws: `ArchiveError`: `sidecarDamaged` where it is not as it was written.
    package static func read(
        _ path: String, _ operations: any FileOperations
    ) throws(ArchiveError) -> Sidecar? {
        let content: [UInt8]?
        do throws(FileError) {
            content = try operations.contentsIfThere(of: path, limit: largestSize + 1)
        } catch {
            throw .file(error)
        }
        guard let bytes = content else { return nil }
        guard let sidecar = Sidecar(bytes) else { throw .sidecarDamaged(path: path) }
        return sidecar
    }

    /// Reads a sidecar's file; nil where there is none as it was written.
    ///
    /// - Throws: `ArchiveError` where it cannot be read, which says nothing of what it is.
    static func readable(_ path: String, _ operations: any FileOperations) throws(ArchiveError) -> Sidecar? {
        do throws(ArchiveError) {
            return try read(path, operations)
        } catch {
            switch error {
            case .sidecarDamaged: return nil
            case .file(let error) where error.isNoFile: return nil
            default: throw error
            }
        }
    }

    /// Puts a sidecar together.
    package init(
        id: String, state: Recording.State, ordinal: Int, path: String, salt: Digest, facts: RecordingFacts,
        retention: Retention, holds: [Hold], answers: [HookAnswer] = []
    ) {
        self.id = id
        self.state = state
        self.ordinal = ordinal
        self.path = path
        self.salt = salt
        self.facts = facts
        self.retention = retention
        self.holds = holds
        self.answers = answers
    }

    /// What the log is told of each answer, in hexadecimal, by the hooks' names.
    func answerCommitments() throws(ArchiveError) -> [String: String] {
        var commitments: [String: String] = [:]
        for answer in answers {
            commitments[answer.hook] = try answer.commitment(salt: salt).hexadecimal
        }
        return commitments
    }

    /// The path of the sidecar of a recording's file.
    package static func path(of file: String, _ state: Recording.State) -> String {
        let stem = file.dropLast(ArchiveLayout.pathExtension(of: state).count + 1)
        // In quarantine the plain name is that of the inspection's report.
        return stem + (state == .archived ? ".json" : ".record.json")
    }

    private struct RetentionCopy: Codable {
        var event: CalendarDate?
        var policy: RetentionPolicy
        var until: String?

        /// The end as sidecars have it, whatever the catalog says of dates that cannot be.
        init(_ retention: Retention, _ facts: RecordingFacts) {
            event = retention.event
            policy = retention.policy
            until = Retention(policy: policy, event: event, created: facts.created).untilText
        }

        func retention(_ facts: RecordingFacts) -> Retention {
            Retention(policy: policy, event: event, created: facts.retentionStart)
        }
    }

    private struct Content: Codable {
        var answers: [HookAnswer]?
        var format: String
        var holds: [Hold]
        var id: String
        var metadata: RecordingFacts
        var ordinal: Int
        var path: String
        var retention: RetentionCopy
        var salt: Digest
        var state: Recording.State
        var v: Int
    }

    /// A value as canonical JSON; `path` is what an error names.
    static func canonical(_ value: some Encodable, _ path: String) throws(ArchiveError) -> [UInt8] {
        do {
            return try CanonicalJSON(encoding: value).encoded()
        } catch {
            throw .unencodable(path: path, reason: "\(error)")
        }
    }
}
