import Foundation
import TestSupport
import Testing

/// Files and folders of an archive that whoever runs a verb may not read.
@Suite(.enabled("permissions cannot be made to hold here") { Machine.canDropPrivileges })
struct UnreadableThingTests {
    private static let inArchiveAndReplica = [
        "archive.json", "verifier-keys.txt", "journal", "journal/000000.jsonl", "log", "log/checkpoint",
        "log/tile",
        "log/tile/0", "anchors", "anchors/*.tsr", "listings", "listings/test.json", "recordings",
        "recordings/test/2026/01/05", "recordings/*.flac", "recordings/*.json",
        "recordings/*manifest-sha256.txt",
        "quarantine", "incoming",
    ]
    private static let places =
        ["archive", "replica"].flatMap { place in inArchiveAndReplica.map { "\(place)/\($0)" } }
        + ["archive/catalog.sqlite", "archive/lock", "replica"]

    /// Runs a verb as somebody for whom permissions hold, where a thing may not be read.
    private func run(_ words: [String], in archive: HostileArchive, without path: String) async throws
        -> ToolResult
    {
        let script = """
            permissions=$(stat -c %a "$0"); chmod 000 "$0"
            timeout 60 \(Machine.unprivileged) "$@"; code=$?
            chmod $permissions "$0"; exit $code
            """
        return try await Tool(path: "/bin/bash").run(
            ["-c", script, path, Tool.voxkeep.path, words[0], "--archive", "archive"] + words.dropFirst(),
            environment: ["XDG_CONFIG_HOME": archive.scratch("configuration")], folder: archive.scratch.path)
    }

    @Test(arguments: places)
    func `are named by verify, called no damage to what they hold, and hide nothing`(place: String)
        async throws
    {
        let archive = try await HostileArchive()
        let damaged = try archive.find(
            place.contains("archive/quarantine") ? "archive/recordings*.flac" : "archive/quarantine*.wav")
        try archive.flip(damaged)
        let path = try archive.find(place)
        for words in [["verify"], ["verify", "--deep"]] {
            let result = try await run(
                words + ["--json", "--key-file", "log.key"], in: archive, without: path)
            let comment: Comment = "\(words) \(place): \(result.text)\(result.diagnostics)"
            #expect(result.status == 1, comment)
            let rows = result.lines.filter { $0.contains("\"kind\"") && !$0.contains(damaged) }
            #expect(result.lines.contains { $0.contains(damaged) }, comment)
            // Of a replica that cannot be gone by, its journal is what is named; a recording's folder is by its files, too.
            #expect(rows.contains { $0.contains(path) || $0.contains("replica.unreachable") }, comment)
            for row in rows {
                #expect(row.contains("unreadable") || row.contains("replica.unreachable"), comment)
                #expect(row.contains("permission denied"), comment)
            }
        }
    }

    @Test(arguments: places)
    func `keep no other verb from ending with a sentence that names them`(place: String) async throws {
        for words in [["status"], ["list"], ["verify", "--repair", "--key-file", "log.key"]] {
            let archive = try await HostileArchive()
            let path = try archive.find(place)
            let before = archive.scratch.bytes(path)
            let result = try await run(words, in: archive, without: path)
            let comment: Comment = "\(words) \(place): \(result.text)\(result.diagnostics)"
            #expect(![70, 124].contains(result.status) && result.status < 128, comment)
            if words[0] == "verify" {
                #expect(!result.text.contains("stray"), comment)
                #expect(archive.scratch.bytes(path) == before, comment)
            }
            guard result.status > 1 else { continue }
            let lines = result.diagnostics.split(separator: "\n").filter { $0.hasPrefix("voxkeep: ") }
            #expect(lines.count == 1 && lines[0].contains("change the permissions"), comment)
        }
    }
}
