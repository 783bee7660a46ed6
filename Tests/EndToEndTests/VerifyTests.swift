import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct VerifyTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let kinds: [String]
        var isRepairable = true
        var arguments: [String] = []

        init(
            _ name: String, _ script: String, _ kinds: [String], repairable: Bool = true,
            _ arguments: [String] = []
        ) {
            self.name = name
            self.script = script
            self.kinds = kinds
            isRepairable = repairable
            self.arguments = arguments
        }

        var testDescription: String { name }
    }

    static let damages = [
        Damage("a flipped bit", "flip $flac -100", ["file.altered"]),
        Damage("a file cut short", "chmod +w $flac; truncate -s -1 $flac", ["file.altered"]),
        Damage("a missing file", "rm $flac", ["file.missing"]),
        Damage(
            "two files swapped", "mv $flac t; mv $other $flac; mv t $other", ["file.altered", "file.altered"]),
        Damage("a link for a file", "mv $flac t; ln -s $PWD/t $flac", ["file.altered"]),
        Damage("a FIFO for a file", "rm $flac; mkfifo $flac", ["file.missing"]),
        Damage("a folder for a file", "rm $flac; mkdir $flac", ["file.missing"]),
        Damage(
            "a folder with something in it for a file", "rm $flac; mkdir $flac; touch $flac/x",
            ["file.missing", "file.stray"], repairable: false),
        Damage("a wrong MD5", "flip $flac 30", ["audio.damaged", "file.altered"], ["--deep"]),
        Damage(
            "another original",
            "flip $flac $(python3 -c '"
                + "import json, sys; p = sys.argv[1]; m = json.load(open(p[:-5] + \".json\"))[\"metadata\"]; "
                + "print(open(p, \"rb\").read().find(bytes.fromhex(m[\"source\"][\"sha256\"])))' $flac)",
            ["file.altered", "original.differs"], ["--deep"]),
        Damage(
            "a changed tag", "chmod +w $flac; metaflac --set-tag=TITLE=x $flac", ["file.altered"], ["--deep"]),
        Damage("a stray file", "cp $flac $day/x.flac", ["file.stray"], repairable: false),
        Damage(
            "a stray name that is no UTF-8", "touch $day/$(printf 'x\\377')", ["file.stray"],
            repairable: false),
        Damage("a stray link", "ln -s /etc archive/recordings/x", ["file.stray"], repairable: false),
        Damage("a stranger in the journal", "touch archive/journal/x", ["file.stray"], repairable: false),
        Damage(
            "a changed sidecar", "chmod +w $json; sed -i 's/\"2000\"/\"2222\"/' $json", ["sidecar.altered"]),
        Damage(
            "a retention in a sidecar", "chmod +w $json; sed -i 's/\"undecided\"/\"event+1d\"/' $json",
            ["sidecar.altered"]),
        Damage("a missing sidecar", "rm $json", ["sidecar.missing"]),
        Damage("a changed manifest", "sed -i 's/^./g/' $day/manifest-sha256.txt", ["manifest.differs"]),
        Damage("a missing report", "ls $quarantine/*.json | grep -v record | xargs rm", ["file.missing"]),
        Damage("a missing row", "sql 'DELETE FROM recording WHERE sequence = 3'", ["catalog.row-missing"]),
        Damage(
            "a forged tombstone",
            "sql \"INSERT INTO tombstone SELECT id, archivedAt, 'expired', 'x', 'x', messageKey, "
                + "state, ingestEntry, 3, storedSHA256, sourceSHA256 FROM recording WHERE sequence = 3; "
                + "DELETE FROM recording WHERE sequence = 3\"", ["catalog.row-missing"]),
        Damage(
            "a changed row", "sql \"UPDATE recording SET caller = '1' WHERE sequence = 3\"",
            ["catalog.row-altered"]),
        Damage(
            "a retention in a row",
            "sql \"UPDATE recording SET retentionPolicy = '1d', retainUntil = 1 WHERE sequence = 3\"",
            ["catalog.row-altered"]),
        Damage(
            "an extra row",
            "sql \"CREATE TEMP TABLE t AS SELECT * FROM recording WHERE sequence = 3; UPDATE t SET "
                + "position = 9, sequence = 99, ordinal = 9, id = 'x', path = 'recordings/x.flac'; "
                + "INSERT INTO recording SELECT * FROM t\"", ["catalog.row-stray"]),
        Damage("a missing catalog", "rm archive/catalog.sqlite", ["catalog.damaged"]),
        Damage(
            "a folder for the catalog", "rm archive/catalog.sqlite; mkdir archive/catalog.sqlite",
            ["catalog.damaged"]),
        Damage(
            "a catalog that opens and cannot be read",
            "dd if=/dev/zero of=archive/catalog.sqlite bs=4096 seek=10 count=5 conv=notrunc status=none",
            ["catalog.damaged"]),
        Damage(
            "a catalog without an index", "sql 'DROP INDEX recordingByCaller'", ["catalog.damaged"]),
        Damage(
            "a database of another kind",
            "rm archive/catalog.sqlite; sqlite3 archive/catalog.sqlite 'CREATE TABLE t (x)'",
            ["catalog.damaged"]),
        Damage(
            "neither catalog nor journal", "rm -r archive/catalog.sqlite archive/journal",
            ["catalog.damaged", "journal.damaged"], ["--replica", "replica"]),
        Damage(
            "no catalog and a line less", "rm archive/catalog.sqlite; sed -i 3d archive/journal/000000.jsonl",
            ["catalog.damaged", "journal.damaged"]),
        Damage(
            "no catalog, no journal, no keys, no description",
            "rm -r archive/catalog.sqlite archive/journal archive/verifier-keys.txt archive/archive.json",
            ["archive.altered", "catalog.damaged", "journal.damaged", "log.signature"],
            ["--replica", "replica"]),
        Damage(
            "no catalog, no journal, no log, and a flipped bit",
            "rm -r archive/catalog.sqlite archive/journal archive/log; flip $flac -100",
            ["catalog.damaged", "file.altered", "journal.damaged", "log.signature"], ["--replica", "replica"]),
        Damage(
            "neither catalog nor journal, and no replica",
            "rm -r archive/catalog.sqlite archive/journal replica", ["catalog.damaged", "journal.damaged"],
            repairable: false),
        Damage(
            "a day as it was before",
            "rm $flac $json; flip ${other%.flac}.json 5; sed -i 1d $day/manifest-sha256.txt",
            ["file.missing", "manifest.differs", "sidecar.altered", "sidecar.missing"]),
        Damage("no more expected", "sql 'DELETE FROM listed'", ["catalog.row-altered"]),
        Damage(
            "a changed line",
            "sed -i '3s/test/text/' archive/journal/000000.jsonl; "
                + "sed -i '3s/\"actor\":\"/&x/' archive/journal/000000.jsonl",
            ["journal.damaged"]),
        Damage(
            "a line less", "sed -i 3d archive/journal/000000.jsonl", ["journal.damaged"]),
        Damage(
            "a line more", "sed -i 3p archive/journal/000000.jsonl", ["journal.damaged"]),
        Damage(
            "the last line less", "sed -i '$d' archive/journal/000000.jsonl",
            ["journal.damaged"]),
        Damage(
            "a tampered tile", "flip $(ls -v archive/log/tile/0/000.p/* | tail -1) 5",
            ["log.damaged", "log.damaged"]),
        Damage("a missing checkpoint", "rm archive/log/checkpoint", ["log.signature"]),
        Damage("a bad signature", "sed -i '$s/..$/AA/' archive/log/checkpoint", ["log.signature"]),
        Damage("no verifier keys", "rm archive/verifier-keys.txt", ["log.signature"]),
        Damage(
            "another id",
            "sed -i 's/\"id\" : \"./&0/; s/\\(\"id\" : \".\\{32\\}\\)./\\1/' archive/archive.json",
            ["archive.altered"]),
        Damage("no description", "rm archive/archive.json", ["archive.altered"]),
        Damage("no description in the replica", "rm replica/archive.json", ["@archive.altered"]),
        Damage(
            "another key in the description of the replica",
            "sed -i 's/\\(pseudonymKey\" : \".\\{20\\}\\)./\\1x/' replica/archive.json", ["@archive.altered"]),
        Damage(
            "another time in the description of the archive",
            "sed -i 's/created\" : \"2/created\" : \"1/' archive/archive.json", ["archive.altered"]),
        Damage("a flipped bit in the copy", "flip $copy -100", ["@file.altered"]),
        Damage("a missing copy", "rm $copy", ["@file.missing"]),
        Damage("a stray file in the replica", "touch replica/x", ["@file.stray"], repairable: false),
        Damage(
            "a changed journal of the replica", "sed -i '3s/\"actor\":\"/&x/' replica/journal/000000.jsonl",
            ["@journal.damaged"]),
        Damage("a replica that is not there", "mv replica t", ["@replica.unreachable"], repairable: false),
        Damage(
            "an empty mount point", "mv replica t; mkdir replica", ["@replica.unreachable"], repairable: false
        ),
        Damage(
            "both copies flipped", "flip $flac -100; flip $copy -100", ["@file.altered", "file.altered"],
            repairable: false),
        Damage(
            "one damaged here, one there", "flip $other -100; flip $copy -100",
            ["@file.altered", "file.altered"]),
    ]

    @Test(arguments: damages)
    func `names the damage, writes nothing, and repairs it from what proves to be right`(_ damage: Damage)
        async throws
    {
        let archive = try await DamagedArchive()
        #expect(try await archive.findings(damage.arguments) == (0, []))
        let done = try await archive.bash(damage.script)
        try #require(done.status == 0, "\(done.diagnostics)")
        let before = try await archive.tree()
        let found = try await archive.findings(damage.arguments)
        #expect(found == (1, damage.kinds))
        #expect(try await archive.tree() == before)
        let repaired = try await archive.voxkeep("verify", ["--repair"] + damage.arguments)
        #expect(repaired.status == (damage.isRepairable ? 0 : 1), "\(repaired.text)\(repaired.diagnostics)")
        #expect(repaired.text.contains("not repaired") == !damage.isRepairable)
        let after = try await archive.findings(damage.arguments)
        #expect(after.status == repaired.status)
        if damage.isRepairable {
            #expect(after.kinds.isEmpty)
            let sums = try await archive.bash("cd $day; sha256sum -c --quiet manifest-sha256.txt")
            #expect(sums.status == 0, "\(sums.text)")
            let trail = try #require(archive.scratch.text("archive/journal/000000.jsonl"))
            #expect(trail.contains(#""event":"repair""#))
        }
    }

    @Test func `tells a log that was rolled back by what the key has signed`() async throws {
        let archive = try await DamagedArchive()
        let old = try await archive.bash("cp -a archive old; cp -a replica old-replica")
        #expect(old.status == 0)
        #expect(try await archive.voxkeep("verify", ["--record"]).status == 0)
        let back = try await archive.bash("rm -rf archive replica; mv old archive; mv old-replica replica")
        #expect(back.status == 0)
        #expect(try await archive.findings() == (1, ["log.rolled-back"]))
        // Nobody but the key has what was lost.
        #expect(try await archive.voxkeep("verify", ["--repair"]).status == 1)
        #expect(try await archive.findings() == (1, ["log.rolled-back"]))
    }

    @Test func `brings an archive that was set back in time forward again from its replica`() async throws {
        var model = SyncedPBX.mailboxes(messages: 2)
        let pbx = try await SyncedPBX(model)
        let elsewhere = try ScratchFolder()
        let options = ["--key-file", pbx.scratch.path("log.key"), "--replica", elsewhere("replica")]
        #expect(try await pbx.sync(options).status == 0)
        let old = try await Tool("cp").run(["-a", pbx.archive, pbx.scratch.path("old")])
        #expect(old.status == 0)
        let audio = SyncedPBX.audio(seed: 77)
        model.deliver(
            to: "1000", folder: .inbox, date: "2026-02-05 10:00:00", caller: "7", length: 1, audio: audio)
        await pbx.emulator.mutate { [model] in $0 = model }
        #expect(try await pbx.sync(options).status == 0)
        let back = try await Tool("bash").run(
            ["-c", "rm -rf archive; mv old archive"], folder: pbx.scratch.path)
        #expect(back.status == 0)
        let arguments = ["verify", "--archive", pbx.archive, "--key-file", pbx.scratch.path("log.key")]
        let found = try await Tool.voxkeep.run(arguments)
        #expect(found.status == 1)
        #expect(found.text.contains("log.rolled-back"))
        let repaired = try await Tool.voxkeep.run(arguments + ["--repair"])
        #expect(repaired.status == 0, "\(repaired.text)\(repaired.diagnostics)")
        try await pbx.expectEachOnce(model)
    }

    @Test func `verifies on a read-only file system, without a key`() async throws {
        guard Machine.canMount else { return }
        let archive = try await DamagedArchive()
        let script = "mount --bind archive archive && mount -o remount,bind,ro archive && \"$VOXKEEP\" "
        for verb in ["verify --deep", "status", "list"] {
            let result = try await archive.bash(
                "unshare --map-root-user --mount bash -c '\(script) \(verb) --archive archive'")
            #expect(result.status == 0, "\(verb): \(result.diagnostics)")
        }
    }

    @Test func `goes on where it is told to, and looks at what a filter chooses`() async throws {
        let archive = try await DamagedArchive()
        struct Summary: Decodable {
            let recordings: Int
            let copies: Int
            let cursor: UInt64?
        }
        func summary(_ arguments: [String]) async throws -> Summary {
            let result = try await archive.voxkeep("verify", ["--json"] + arguments)
            return try JSONDecoder().decode(Summary.self, from: Data(try #require(result.lines.last).utf8))
        }
        #expect(try await summary([]).recordings == 5)
        #expect(try await summary(["--resume", "3"]).recordings == 3)
        #expect(try await summary(["--caller", "2000"]).recordings == 1)
        #expect(try await summary(["--budget", "1h"]).cursor == nil)
    }

    @Test func `trusts the keys that it is given`() async throws {
        let archive = try await DamagedArchive()
        let key = try await archive.bash("cp archive/verifier-keys.txt trusted; sed 's/./x/' trusted > wrong")
        #expect(key.status == 0)
        #expect(try await archive.findings(["--verifier-key", "trusted"]) == (0, []))
        #expect(try await archive.voxkeep("verify", ["--verifier-key", "wrong"]).status == 66)
        #expect(try await archive.voxkeep("verify", ["--verifier-key", "missing"]).status == 66)
    }

    @Test func `adds its result to the audit trail only when told to, with the key`() async throws {
        let archive = try await DamagedArchive()
        let refused = try await archive.voxkeep("verify", ["--record"], key: false)
        #expect(refused.status == 66)
        #expect(refused.diagnostics.contains("There is no signing key at"))
        #expect(try await archive.voxkeep("verify", ["--record", "--deep"]).status == 0)
        let status = try await archive.voxkeep("status", key: false)
        #expect(status.text.contains("5 recordings with originals, no damage"))
    }

    @Test(arguments: [
        ["--budget", "10"], ["--budget", "0s"], ["--budget", "m"], ["--budget", "99999999999999999999d"],
        ["--resume", "x"], ["--repair", "--resume", "2"], ["--repair", "--budget", "1m"],
        ["--verifier-key", ""],
    ])
    func `answers wrong usage with 64`(arguments: [String]) async throws {
        let result = try await Tool.voxkeep.run(["verify", "--archive", "nowhere"] + arguments)
        #expect(result.status == 64)
    }
}
