internal import Digests
internal import DurableFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The content of `archive.json`: what a program must know before it touches anything else.
struct ArchiveDescription: Sendable, Hashable, Codable {
    static let format = "voxkeep-archive"

    /// The version that this program writes, and the highest that it reads.
    static let version = 3

    var format: String
    var version: Int
    /// 32 hexadecimal digits, so that copies can be told from other archives.
    var id: String
    /// When the archive was made, ISO 8601.
    var created: String
    /// The key that message keys are made with: 64 hexadecimal digits.
    ///
    /// Whoever has it can test whether a caller's message was erased, so it stays in the archive and its replicas.
    var pseudonymKey: Digest

    /// The part that every version has had and will have.
    private struct Version: Decodable {
        var format: String
        var version: Int
    }

    /// Reads the description, version first, since a later version may have changed all else.
    static func read(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) -> ArchiveDescription {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try operations.contents(of: layout.description, limit: 65_536)
        } catch {
            throw .file(error)
        }
        let decoder = JSONDecoder()
        guard let found = try? decoder.decode(Version.self, from: Data(bytes)), found.format == format else {
            throw .damagedDescription(path: layout.root)
        }
        guard found.version <= version else {
            throw .newerFormat(path: layout.root, version: found.version, supported: version)
        }
        guard found.version == version else { throw .olderFormat(path: layout.root, version: found.version) }
        guard let description = try? decoder.decode(ArchiveDescription.self, from: Data(bytes)) else {
            throw .damagedDescription(path: layout.root)
        }
        return description
    }

    /// What tells a message again after its erasure: a keyed hash over its identity, 32 hexadecimal digits.
    static func messageKey(of identity: MessageIdentity, key: Digest) -> String {
        let code = SHA256Hasher.authenticationCode(of: identity.lengthPrefixed, key: key.bytes)
        return String(code.hexadecimal.prefix(32))
    }

    /// The content of the file.
    func bytes(_ layout: ArchiveLayout) throws(ArchiveError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let json = try? encoder.encode(self) else { throw .damagedDescription(path: layout.root) }
        return Array(json) + [UInt8(ascii: "\n")]
    }

    /// Writes the description, which makes a folder an archive.
    func write(_ layout: ArchiveLayout, _ operations: any FileOperations) throws(ArchiveError) {
        let bytes = try bytes(layout)
        do throws(FileError) {
            try PendingFile.writeFile(
                bytes, to: layout.description, replacing: false,
                temporaryFolder: layout.incoming, operations: operations)
        } catch {
            throw .file(error)
        }
    }
}
