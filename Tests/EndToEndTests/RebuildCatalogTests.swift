import TestSupport
import Testing

@Suite struct RebuildCatalogTests {
    /// All tables but what is remembered of how far along each part has come, as an independent program reads them.
    private static let dump =
        "sql .dump | grep -v 'INSERT INTO progress' | grep -v 'sqlite_stat\\|recordingText_' | sort | sha256sum"

    @Test(arguments: ["rm archive/catalog.sqlite", "truncate -s 8192 archive/catalog.sqlite", "true"])
    func `makes a catalog anew that equals the one that was`(damage: String) async throws {
        let archive = try await DamagedArchive()
        let before = try await archive.bash(Self.dump)
        #expect(before.status == 0)
        #expect(try await archive.bash(damage).status == 0)
        let result = try await archive.voxkeep("rebuild-catalog")
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("The catalog was made anew: 5 recordings."))
        #expect(try await archive.bash(Self.dump).text == before.text)
        #expect(try await archive.bash("sql 'PRAGMA integrity_check'").text == "ok\n")
        let kept = try await archive.bash("rm -f archive/catalog.sqlite.damaged")
        #expect(kept.status == 0)
        #expect(try await archive.findings() == (0, []))
    }

    @Test func `works without the key, and says what waits`() async throws {
        let archive = try await DamagedArchive()
        let result = try await archive.voxkeep("rebuild-catalog", key: false)
        #expect(result.status == 0)
        #expect(result.diagnostics.contains("What earlier runs left waits for the key: there is no key at"))
    }

    @Test func `names what is lost`() async throws {
        let archive = try await DamagedArchive()
        #expect(try await archive.bash("rm $json; echo x > ${other%.flac}.json").status != 2)
        let result = try await archive.voxkeep("rebuild-catalog", ["--json"])
        #expect(result.status == 1)
        #expect(result.text.contains(#""kind":"sidecar.missing""#))
        #expect(result.text.contains(#""lost":2"#) && result.text.contains(#""damaged":1"#))
    }
}
