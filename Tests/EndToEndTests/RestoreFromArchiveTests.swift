import Digests
import DurableFiles
import Foundation
import TestSupport
import Testing

@Suite struct RestoreFromArchiveTests {
    /// An archive for tests that change nothing.
    private static let untouched = Task { try await SampleArchive(messages: 0) }

    @Test func `gives out every recording by the first digits of its id, and notes who read it`() async throws
    {
        let archive = try await SampleArchive()
        let rows = try await archive.list()
        #expect(rows.count == 5 && rows.contains { $0.state == "quarantined" })
        for row in rows {
            let result = try await archive.voxkeep(
                "restore", String(row.id.prefix(8)), "--output", "-", "--actor", "alice")
            #expect(result.status == 0, "\(result.diagnostics)")
            #expect(SHA256Hasher.digest(of: result.output).hexadecimal == row.sha256)
        }
        let reads = try archive.journal().filter { $0["event"] as? String == "read" }
        #expect(reads.compactMap { $0["record"] as? String } == rows.map(\.id))
        #expect(reads.allSatisfy { $0["actor"] as? String == "alice" && $0["how"] as? String == "restore" })
    }

    @Test func `finds a recording by the path of its file, from the root, the archive or a link`()
        async throws
    {
        let archive = try await SampleArchive(messages: 1)
        let row = try #require(try await archive.list().last)
        try FileManager.default.createSymbolicLink(
            atPath: archive.scratch("link"), withDestinationPath: archive.path)
        let relative = try #require(Folder.relativePath(of: row.path, in: archive.path))
        for path in [row.path, relative, "archive/" + relative, "link/" + relative] {
            let result = try await archive.voxkeep("restore", path, "--output", "out.wav", "--json")
            #expect(result.status == 0, "\(result.diagnostics)")
            let printed = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
            #expect(printed["id"] as? String == row.id)
            #expect(printed["audited"] as? Bool == true)
        }
        let name = try await archive.voxkeep("restore", row.id)
        #expect(name.status == 0 && archive.scratch.files().contains(row.pbxFile), "\(name.text)")
    }

    @Test func `works while another process writes to the archive`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let id = try #require(try await archive.list().last).id
        let result = try await Tool(path: "/bin/bash").run([
            "-c", "flock \"$1/lock\" \"$0\" restore \(id) --archive \"$1\" --output - | sha256sum",
            Tool.voxkeep.path, archive.path,
        ])
        let row = try #require(try await archive.list().last)
        #expect(result.text.hasPrefix(row.sha256), "\(result.diagnostics)")
        #expect(try archive.journal().contains { $0["event"] as? String == "read" })
    }

    @Test(.enabled("file systems cannot be mounted here") { Machine.canMount })
    func `warns where the archive is read-only and nobody will know`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let row = try #require(try await archive.list().last)
        let script = """
            mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 9
            exec "$0" restore \(row.id) --archive "$1" --output -
            """
        let result = try await Tool("unshare").run([
            "--map-root-user", "--mount", "/bin/bash", "-c", script, Tool.voxkeep.path, archive.path,
        ])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(SHA256Hasher.digest(of: result.output).hexadecimal == row.sha256)
        #expect(result.diagnostics.contains("audit trail will not tell of this"))
        #expect(try !archive.journal().contains { $0["event"] as? String == "read" })
    }

    @Test func `refuses a file that is not the one that was stored`() async throws {
        let archive = try await SampleArchive(messages: 2)
        let rows = try await archive.list().filter { $0.state == "archived" }
        try FileManager.default.removeItem(atPath: rows[0].path)
        try FileManager.default.copyItem(atPath: rows[1].path, toPath: rows[0].path)
        let other = try await archive.voxkeep("restore", rows[0].id, "--output", "out.wav")
        #expect(other.status == 1 && other.diagnostics.contains("is not the file that was stored"))
        try FileManager.default.removeItem(atPath: rows[0].path)
        let gone = try await archive.voxkeep("restore", rows[0].id, "--output", "out.wav")
        #expect(gone.status == 66 && gone.diagnostics.contains("does not exist"), "\(gone.diagnostics)")
        let quarantined = try #require(try await archive.list().first { $0.state == "quarantined" })
        #expect(chmod(quarantined.path, 0o600) == 0)
        try Data("no audio at al!".utf8).write(to: URL(filePath: quarantined.path))
        let changed = try await archive.voxkeep("restore", quarantined.id, "--output", "out.wav")
        #expect(changed.status == 1 && changed.diagnostics.contains("restore from another copy"))
        #expect(!archive.scratch.files().contains("out.wav"))
    }

    @Test(
        arguments: [
            (["12345"], 66, "has no recording 12345"), (["000000"], 66, "has no recording 000000"),
            (["../../etc/passwd"], 66, "has no recording"), (["archive.json"], 66, "has no recording"),
            (["000000", "--actor", ""], 64, "not empty"),
        ] as [([String], Int32, String)])
    func `says what it cannot find`(arguments: [String], status: Int32, sentence: String) async throws {
        let archive = try await Self.untouched.value
        let result = try await Tool.voxkeep.run(["restore", "--archive", archive.path] + arguments)
        #expect(result.status == status)
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
    }
}
