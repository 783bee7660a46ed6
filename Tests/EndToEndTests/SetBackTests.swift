import Foundation
import PBXEmulator
import TestSupport
import Testing

/// An archive restored from yesterday's backup with its key, beside a replica that is newer.
@Suite struct SetBackTests {
    /// A synced archive with a replica, of which everything but the replica was set back.
    private struct SetBack {
        let pbx: SyncedPBX
        /// Where the replica lies: on another disk, so to speak.
        let elsewhere: ScratchFolder
        /// What the PBX has, besides the message that was erased.
        let kept: MailboxModel
        /// The ids of the recordings of yesterday, in the order of their ingests.
        let ids: [String]

        var keyFile: [String] { ["--key-file", pbx.scratch.path("log.key")] }

        func voxkeep(_ verb: String..., key: Bool = true) async throws -> ToolResult {
            try await Tool.voxkeep.run(
                verb + ["--archive", pbx.archive] + (key ? keyFile : []), environment: pbx.environment,
                folder: pbx.scratch.path)
        }

        func bash(_ script: String) async throws -> ToolResult {
            try await Tool(path: "/bin/bash").run(
                ["-c", "set -e; replica=\(elsewhere("replica")); " + script],
                environment: pbx.environment.merging(["VOXKEEP": Tool.voxkeep.path]) { $1 },
                folder: pbx.scratch.path)
        }

        /// The SHA-256 of all that counts: journal, log, recordings and listings, here and there, and what the key signed.
        func state() async throws -> String {
            let result = try await bash(
                """
                find archive/journal archive/log archive/recordings archive/listings archive/incoming $replica log.key* \
                    -type f ! -name lock ! -name '*.lock' | sort | xargs sha256sum
                """)
            try #require(result.status == 0, "\(result.diagnostics)")
            return result.text
        }
    }

    private func setBack() async throws -> SetBack {
        var model = SyncedPBX.mailboxes(messages: 3)
        let pbx = try await SyncedPBX(model)
        let elsewhere = try ScratchFolder()
        let options = ["--key-file", pbx.scratch.path("log.key"), "--replica", elsewhere("replica")]
        #expect(try await pbx.sync(options).status == 0)
        let lines = try #require(pbx.scratch.text("archive/journal/000000.jsonl")).split(separator: "\n")
        let ids = try lines.filter { $0.contains(#""event":"ingest""#) }.map { line in
            String(try #require(try #/"record":"([0-9a-f]{32})"/#.firstMatch(in: line)).1)
        }
        let setBack = SetBack(pbx: pbx, elsewhere: elsewhere, kept: model, ids: ids)
        #expect(
            try await setBack.bash("mkdir backup; cp -a archive log.key log.key.checkpoint backup").status
                == 0)
        model.deliver(
            to: "1000", folder: .inbox, date: "2026-02-05 10:00:00", caller: "7", length: 1,
            audio: SyncedPBX.audio(seed: 77))
        await pbx.emulator.mutate { [model] in $0 = model }
        #expect(try await pbx.sync(options).status == 0)
        #expect(
            try await setBack.voxkeep("hold", "--case", "2026/17", "--reason", "letter", ids[0]).status == 0)
        #expect(try await setBack.voxkeep("erase", "--ground", "GDPR Art. 17", ids[1]).status == 0)
        #expect(try await setBack.voxkeep("replicate").status == 0)
        let back = try await setBack.bash(
            "rm -rf archive; rm log.key log.key.checkpoint; cp -a backup/* .; rm -rf backup")
        try #require(back.status == 0, "\(back.diagnostics)")
        return setBack
    }

    @Test func `is not written to, and one repair brings everything forward`() async throws {
        let setBack = try await setBack()
        let before = try await setBack.state()
        var refusals = [
            try await setBack.pbx.sync(setBack.keyFile),
            try await setBack.voxkeep("hold", "--case", "1", "--reason", "r", setBack.ids[2]),
            try await setBack.voxkeep("erase", "--ground", "g", setBack.ids[2]),
            try await setBack.voxkeep("replicate"),
            try await setBack.voxkeep("anchor", "--query", "checkpoint.tsq"),
            try await setBack.voxkeep("verify", "--record"),
            try await setBack.voxkeep("key", "rotate", "--reason", "r", "--new-key-file", "second.key"),
        ]
        refusals.append(
            try await setBack.voxkeep("key", "rotate", "--lost", "--reason", "r", key: false))
        refusals.append(try await setBack.voxkeep("rebuild-catalog"))
        refusals.append(try await setBack.voxkeep("rebuild-catalog", key: false))
        for (number, refusal) in refusals.enumerated() {
            #expect(refusal.status == 73, "\(number): \(refusal.text)\(refusal.diagnostics)")
            #expect(refusal.diagnostics.contains("was set back"), "\(refusal.diagnostics)")
            #expect(refusal.diagnostics.contains(setBack.elsewhere("replica")))
            #expect(refusal.diagnostics.contains("run verify --repair"))
        }
        #expect(try await setBack.state() == before)

        // Who only reads is served, and is told of in the audit trail, also later.
        let read = try await setBack.voxkeep(
            "restore", setBack.ids[2], "--output", "x.wav", "--actor", "carol", key: false)
        #expect(read.status == 0, "\(read.diagnostics)")

        let found = try await setBack.voxkeep("verify", "--json")
        #expect(found.status == 1)
        #expect(found.lines.count { $0.contains(#""damage":true"#) } == 1, "\(found.text)")
        #expect(found.lines.first?.contains(#""kind":"log.rolled-back""#) == true)
        let repaired = try await setBack.voxkeep("verify", "--repair")
        #expect(repaired.status == 0, "\(repaired.text)\(repaired.diagnostics)")
        #expect(try await setBack.voxkeep("verify").status == 0)

        let status = try await setBack.voxkeep("status", key: false)
        #expect(status.status == 0)
        #expect(status.text.contains("all is there"), "\(status.text)")
        let holds = try await setBack.voxkeep("holds", "--json", key: false)
        #expect(holds.lines.count == 1 && holds.text.contains("2026/17"))
        let audit = try await setBack.voxkeep("audit", "--actor-is", "carol", "--json", key: false)
        #expect(audit.lines.count == 1 && audit.text.contains(setBack.ids[2]))
        let held = try await setBack.voxkeep("erase", "--ground", "g", setBack.ids[0])
        #expect(held.status == 77, "\(held.diagnostics)")
        let erased = try await setBack.bash(
            "! grep -rl \(setBack.ids[1]) archive/recordings archive/incoming $replica/recordings")
        #expect(erased.status == 0, "\(erased.text)")

        // The next sync stores nothing twice, and does not fetch what was erased.
        let again = try await setBack.pbx.sync(setBack.keyFile)
        #expect(again.status == 0)
        #expect(
            again.diagnostics.contains("4 messages listed: 0 archived, 4 there already"),
            "\(again.diagnostics)")
        #expect(try await setBack.pbx.list().count == 3)
        let same = try await setBack.bash("diff -r archive/recordings $replica/recordings")
        #expect(same.status == 0, "\(same.text)")
        #expect(try await setBack.voxkeep("verify", "--deep").status == 0)
    }

    /// Goes on with the older state while the replica is away, and brings the replica back.
    private func fork() async throws -> SetBack {
        let setBack = try await setBack()
        #expect(try await setBack.bash("mv $replica $replica-away").status == 0)
        let synced = try await setBack.pbx.sync(setBack.keyFile)
        #expect(synced.status == 1)
        #expect(synced.diagnostics.contains("is not there; mount its disk"))
        #expect(try await setBack.bash("mv $replica-away $replica").status == 0)
        return setBack
    }

    @Test func `neither of two histories is cut, and one can go on with either`() async throws {
        let setBack = try await fork()
        let before = try await setBack.state()
        for result in [
            try await setBack.pbx.sync(setBack.keyFile), try await setBack.voxkeep("replicate"),
            try await setBack.voxkeep("rebuild-catalog"),
        ] {
            #expect(result.status == 73, "\(result.text)\(result.diagnostics)")
            #expect(result.diagnostics.contains("has signed two histories"))
        }
        let found = try await setBack.voxkeep("verify", "--json")
        #expect(found.status == 1)
        #expect(found.lines.count == 2, "\(found.text)")
        #expect(found.lines.first?.contains(#""kind":"log.forked""#) == true)
        let repaired = try await setBack.voxkeep("verify", "--repair")
        #expect(repaired.status == 1)
        #expect(repaired.text.contains("keep both"))
        #expect(try await setBack.state() == before)
        for folder in [setBack.pbx.archive, setBack.elsewhere("replica")] {
            let audit = try await Tool.voxkeep.run(["audit", "--archive", folder, "--json"])
            #expect(audit.status == 0)
        }

        // As the manual says, with the archive.
        let elsewhere = setBack.elsewhere("both")
        let kept = try await setBack.bash(
            """
            mkdir \(elsewhere); cp -a archive $replica log.key* \(elsewhere)
            rm -r $replica; cp -a archive $replica; rm $replica/catalog.sqlite*
            """)
        #expect(kept.status == 0, "\(kept.diagnostics)")
        #expect(try await setBack.voxkeep("verify").status == 0)
        #expect(try await setBack.pbx.sync(setBack.keyFile).status == 0)
        #expect(try await setBack.voxkeep("verify").status == 0)
        // And with the replica.
        let other = try await setBack.bash(
            "rm -r archive $replica log.key*; cp -a \(elsewhere)/replica archive; cp -a \(elsewhere)/replica $replica; "
                + "cp -a \(elsewhere)/log.key* .")
        #expect(other.status == 0, "\(other.diagnostics)")
        let rebuilt = try await setBack.voxkeep("rebuild-catalog")
        #expect(rebuilt.status == 73)
        #expect(rebuilt.diagnostics.contains("are not those that were signed"), "\(rebuilt.diagnostics)")
        let rotated = try await setBack.voxkeep(
            "key", "rotate", "--lost", "--reason", "two histories", "--new-key-file", "second.key", key: false
        )
        #expect(rotated.status == 0, "\(rotated.diagnostics)")
        let synced = try await setBack.pbx.sync(["--key-file", setBack.pbx.scratch("second.key")])
        #expect(synced.status == 0, "\(synced.diagnostics)")
        let sound = try await setBack.voxkeep("verify", "--key-file", "second.key", key: false)
        #expect(sound.status == 0, "\(sound.text)")
        let holds = try await setBack.voxkeep("holds", "--json", key: false)
        #expect(holds.lines.count == 1 && holds.text.contains("2026/17"))
    }
}
