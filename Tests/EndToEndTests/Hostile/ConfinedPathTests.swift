import Foundation
import TestSupport
import Testing

/// Paths that lead out of an archive, put into it by somebody who has no key.
@Suite struct ConfinedPathTests {
    private let archive: DamagedArchive

    init() async throws {
        archive = try await DamagedArchive()
        for name in ["config.wav", "config.json", "config.record.json"] {
            try archive.scratch.write("mine".utf8, to: "x/\(name)")
        }
        try archive.scratch.write([], to: "x/empty.wav")
    }

    private var outside: [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: archive.scratch.files().filter { $0.hasPrefix("x/") }.map {
                ($0, archive.scratch.bytes($0))
            })
    }

    @Test(arguments: [
        "../x/config.wav", "../x/empty.wav", "../x/nothing.wav", "quarantine/../../x/empty.wav",
        "archive.json", "quarantine/test/../../../x/empty.wav",
    ])
    func `an intent touches nothing outside of the archive`(path: String) async throws {
        let before = outside
        let result = try await archive.bash(
            """
            id=abababababababababababababababab
            sed 's/"id":"[0-9a-f]*"/"id":"'$id'"/; s|"path":"[^"]*"|"path":"\(path)"|' \\
                $quarantine/*.record.json > archive/incoming/$id.json
            grep -c '"path":"\(path)"' archive/incoming/$id.json
            "$VOXKEEP" hold --archive archive --key-file log.key --case C --reason r --all > /dev/null
            ls archive/incoming; sed -n /$id/p archive/journal/*.jsonl
            "$VOXKEEP" verify --archive archive --key-file log.key > /dev/null
            """)
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.text == "1\n", "\(result.text)")
        #expect(outside == before)
    }

    @Test func `an intent touches nothing behind a link in the archive`() async throws {
        let before = outside
        let result = try await archive.bash(
            """
            id=abababababababababababababababab
            ln -s ../../x archive/quarantine/linked; mkdir x/undated; touch x/undated/empty.wav
            sed 's/"id":"[0-9a-f]*"/"id":"'$id'"/; s|"path":"[^"]*"|"path":"quarantine/linked/undated/empty.wav"|' \\
                $quarantine/*.record.json > archive/incoming/$id.json
            "$VOXKEEP" hold --archive archive --key-file log.key --case C --reason r --all || echo "status $?"
            rm x/undated/empty.wav
            """)
        #expect(result.text == "status 73\n", "\(result.text)")
        #expect(
            result.diagnostics.contains("archive/quarantine/linked: a symbolic link"), "\(result.diagnostics)"
        )
        #expect(outside == before)
    }

    @Test func `a removal in the catalog touches nothing outside of a replica`() async throws {
        let before = outside
        let result = try await archive.bash(
            """
            sql "INSERT INTO removal VALUES ('abababababababababababababababab', '$PWD/replica', '../x/config.wav',
                'quarantined')"
            "$VOXKEEP" replicate --archive archive --key-file log.key || echo "status $?"
            """)
        #expect(result.text.contains("status "), "\(result.text)")
        #expect(
            result.diagnostics.contains("a path is none that a recording can have"), "\(result.diagnostics)")
        #expect(outside == before)
    }

    @Test(arguments: [
        "../x/config.flac", "archive.json", "recordings/test/2026/01/05/../../../../../archive.json",
    ])
    func `a path in the catalog is taken for damage`(path: String) async throws {
        let result = try await archive.bash(
            """
            id=$(sql "SELECT id FROM recording WHERE state = 'archived' LIMIT 1")
            sql "UPDATE recording SET path = '\(path)' WHERE id = '$id'"
            "$VOXKEEP" erase --archive archive --key-file log.key --ground g $id || echo "status $?"
            ls archive/archive.json
            """)
        #expect(result.text.hasPrefix("status "), "\(result.text)")
        #expect(result.text.hasSuffix("archive/archive.json\n"), "\(result.text)")
        #expect(
            result.diagnostics.contains("a path is none that a recording can have"), "\(result.diagnostics)")
    }
}
