import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct InitTests {
    private struct Kept: Decodable {
        let id: String
        let retention: String
    }

    /// How long each recording is kept, the numbers first.
    private static func kept(_ pbx: SyncedPBX) async throws -> [Kept] {
        let list = try await Tool.voxkeep.run(["list", "--archive", pbx.archive, "--json", "--quiet"])
        return try list.lines.map { try JSONDecoder().decode(Kept.self, from: Data($0.utf8)) }
            .sorted { $0.retention < $1.retention }
    }

    private static func retain(_ pbx: SyncedPBX, _ policy: String, _ id: String) async throws -> Int32 {
        try await Tool.voxkeep.run(
            ["retain", "--archive", pbx.archive, "--policy", policy, "--reason", "r", id],
            environment: pbx.environment
        ).status
    }

    @Test func `makes an archive, and says where its key lies`() async throws {
        let work = try Workspace()
        let result = try await work.bash(
            """
            export XDG_CONFIG_HOME=$PWD/configuration
            "$VOXKEEP" init archive --actor alice --retention 10y
            "$VOXKEEP" audit --archive archive
            "$VOXKEEP" verify --archive archive; echo $?
            """)
        let key = try #require(
            work.scratch.files().first { $0.hasPrefix("configuration/") && $0.hasSuffix(".key") })
        #expect(
            result.diagnostics.contains(
                "The signing key is \(work.scratch.path(key)); back it up with \(work.scratch.path(key)).checkpoint"
            ),
            "\(result.diagnostics)")
        #expect(result.lines.contains { $0.contains("key") && $0.contains("first key") })
        #expect(
            result.lines.contains {
                $0.hasSuffix("alice      setting retention, 10y, the archive is made")
            },
            "\(result.text)")
        #expect(result.lines.last == "0")
    }

    @Test(arguments: [
        "mkdir x && echo hello > x/file", "\"$VOXKEEP\" init x", "mkdir -p x/data && touch x/bagit.txt",
        "touch x",
        "\"$VOXKEEP\" init y && \"$VOXKEEP\" replicate --archive y --replica $PWD/x", "ln -s nowhere x",
    ])
    func `makes none where there is something`(something: String) async throws {
        let work = try Workspace()
        let list =
            "{ find x y ! -name '*-shm' ! -name '*-wal' | sort; find x y -name '*.json*' -exec cat {} +; } 2> errors"
        let result = try await work.bash(
            """
            export XDG_CONFIG_HOME=$PWD/configuration
            { \(something); } >&2; \(list) > before
            "$VOXKEEP" init x; echo $?; \(list) > after
            cmp before after && test -s before && echo the same
            """)
        #expect(result.lines == ["66", "the same"] || result.lines == ["73", "the same"], "\(result.text)")
    }

    @Test(arguments: [
        "sync --pbx-url http://127.0.0.1:1 --username a", "list", "show 1a2b3c", "status", "verify", "audit",
        "holds",
        "hold --case C --reason r --all", "retain --policy 10y --reason r --all", "expire --dry-run",
        "replicate",
        "erase 1a2b3c --ground g", "release 1a2b3c --reason r", "restore 1a2b3c",
        "prove 1a2b3c --output p",
        "export --output bag", "anchor --query q", "key show", "key rotate --reason r",
        "missing list", "missing accept --all --reason r", "rebuild-catalog",
    ])
    func `is the only command that makes one`(command: String) async throws {
        let work = try Workspace()
        let result = try await work.bash(
            """
            export XDG_CONFIG_HOME=$PWD/configuration VOXKEEP_PBX_PASSWORD=secret
            mkdir mount
            for folder in mount missing; do "$VOXKEEP" \(command) --archive $folder; echo $?; done
            """)
        #expect(result.lines == ["66", "66"], "\(result.text) \(result.diagnostics)")
        for folder in ["mount", "missing"] {
            let path = work.scratch.path(folder)
            #expect(
                result.diagnostics.contains(
                    "There is no archive at \(path). Is its disk mounted? `voxkeep init \(path)` makes one."),
                "\(result.diagnostics)")
        }
        #expect(work.scratch.files().isEmpty, "\(work.scratch.files())")
    }

    @Test func `keeps what comes as long as it was told, and as long as a sync says`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        #expect(try await pbx.sync().status == 0)
        await pbx.emulator.mutate { $0 = SyncedPBX.mailboxes(messages: 2) }
        #expect(try await pbx.sync(["--retention", "forever"]).status == 0)
        let rows = try await Self.kept(pbx)
        #expect(rows.map(\.retention) == ["forever", "undecided"])
        #expect(try await Self.retain(pbx, "1d", rows[0].id) == 77)
        #expect(try await Self.retain(pbx, "undecided", rows[0].id) == 77)
        #expect(try await Self.retain(pbx, "1d", rows[1].id) == 0)
        #expect(try await Self.retain(pbx, "undecided", rows[1].id) == 77)
        #expect(try await Self.kept(pbx).map(\.retention) == ["1d", "forever"])
        try await pbx.emulator.stop()
    }

    @Test func `goes by the policy that it was told`() async throws {
        let work = try Workspace()
        let result = try await work.bash(
            """
            export XDG_CONFIG_HOME=$PWD/configuration
            "$VOXKEEP" init archive --retention 10y 2>&1 | grep -c 'is kept 10y, where nothing else is said'
            "$VOXKEEP" init second 2>&1 | grep -c 'kept until somebody decides how long: sync --retention, or retain'
            "$VOXKEEP" init other --retention 10x; echo $?
            "$VOXKEEP" init ''; echo $?
            mkfifo pipe; "$VOXKEEP" init third --key-file pipe; echo $?; "$VOXKEEP" list --archive third; echo $?
            """)
        #expect(
            result.lines == ["1", "1", "64", "64", "73", "66"],
            "\(result.text) \(result.diagnostics)")
    }
}
