import Foundation
import TestSupport
import Testing

/// An archive with all that one can have and a replica, for a test to put things into that do not belong there.
///
/// `older` is what it was before an erasure, a hold and an anchor. It is made once and copied. The replica's path leads
/// through the working folder, so that each copy has its own.
struct HostileArchive {
    static let replica = "/proc/self/cwd/replica"

    private static let template = Task { () throws -> DamagedArchive in
        let archive = try await DamagedArchive(replica: false)
        let authority = try await LocalTimestampAuthority()
        func prepare(_ verb: String, _ arguments: String...) async throws {
            let result = try await archive.voxkeep(verb, arguments)
            guard result.status == 0 else { throw UnexpectedEnd(result) }
        }
        let ids = try await Self.ids(archive)
        let first = try #require(ids.first)
        try await prepare("replicate", "--replica", replica)
        let copy = try await archive.bash("cp -a archive older")
        guard copy.status == 0 else { throw UnexpectedEnd(copy) }
        try await prepare("erase", "--ground", "request", ids[1])
        try await prepare("hold", "--case", "2026/17", "--reason", "letter", first)
        try await prepare(
            "anchor", "--tsa-ca", authority.folder("root.pem"), "--through",
            "cd \(authority.folder.path) && openssl ts -reply -config openssl.cnf -queryfile /dev/stdin "
                + "-inkey signer.key -signer signer.pem 2>/dev/null")
        try await prepare("replicate")
        let sound = try await archive.voxkeep("verify", ["--json"])
        try #require(sound.status == 0 && !sound.text.contains("\"kind\""), "\(sound.text)")
        return archive
    }

    private static func ids(_ archive: DamagedArchive) async throws -> [String] {
        try await archive.voxkeep("list", ["--json", "--quiet"], key: false).lines.map { row in
            String(try #require(try #/"id":"([0-9a-f]{32})"/#.firstMatch(in: row)).1)
        }
    }

    let scratch: ScratchFolder

    /// Where what was moved out of the archive lies.
    let outside: ScratchFolder

    init() async throws {
        scratch = try ScratchFolder(inMemory: true)
        outside = try ScratchFolder(inMemory: true)
        let template = try await Self.template.value
        let copy = try await Tool("cp").run(["-a", template.scratch.path + "/.", scratch.path])
        guard copy.status == 0 else { throw UnexpectedEnd(copy) }
    }

    /// Runs a verb in the folder of archive and replica; one that hangs ends with 124.
    func voxkeep(_ words: [String]) async throws -> ToolResult {
        let verb = words[0] == "key" ? Array(words[..<2]) : [words[0]]
        return try await Tool("timeout").run(
            ["60", Tool.voxkeep.path] + verb + ["--archive", "archive"] + words[verb.count...],
            environment: ["XDG_CONFIG_HOME": scratch("configuration")], folder: scratch.path)
    }

    /// The first path that fits a pattern with asterisks.
    func find(_ pattern: String) throws -> String {
        guard pattern.contains("*") else { return pattern }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        return try #require(
            scratch.files().first { $0.hasPrefix(parts[0]) && $0.hasSuffix(parts[1]) }, "\(pattern)")
    }

    /// The id of the first recording, by its sidecar.
    func recording() throws -> String {
        let text = try #require(scratch.text(try find("archive/recordings*.json")))
        return String(try #require(try #/"id":"([0-9a-f]{32})"/#.firstMatch(in: text)).1)
    }

    /// Changes a byte of a recording.
    func flip(_ name: String) throws {
        var bytes = scratch.bytes(name)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(atPath: scratch(name))
        try scratch.write(bytes, to: name)
    }

    /// All that lies outside: names, and what is in the files.
    func outsideContent() -> [String: [UInt8]] {
        var content: [String: [UInt8]] = [:]
        for name in FileManager.default.enumerator(atPath: outside.path)?.compactMap({ $0 as? String }) ?? []
        {
            content[name] = outside.bytes(name)
        }
        return content
    }
}
