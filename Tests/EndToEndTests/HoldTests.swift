import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct HoldTests {
    @Test func `keeps what it holds until two people release it`() async throws {
        let archive = try await KeptArchive()
        let id = archive.rows[0].id
        let placed = try archive.json(
            await archive.change(
                "hold", "--case", "2026/17", "--reason", "suit", String(id.prefix(6)).uppercased(), "--json"))
        let hold = try #require(placed.first?["hold"] as? String)
        #expect(placed.first?["state"] as? String == "in-force")
        #expect(placed.first?["recordings"] as? Int == 1)

        let early = try await archive.change("erase", "--ground", "request", id)
        #expect(early.status == 77)
        #expect(early.diagnostics.contains("is held and cannot be erased"), "\(early.diagnostics)")

        let request = try await archive.change(
            "release", String(hold.prefix(8)), "--reason", "settled", as: "bob")
        #expect(request.status == 0)
        #expect(request.text.contains("by bob; another person"), "\(request.text)")
        for name in ["bob", "BOB", "b ob", "ｂｏｂ"] {
            let same = try await archive.change("release", hold, "--reason", "settled", as: name)
            #expect(same.status == 77)
            #expect(same.diagnostics.contains("another person has to approve it"), "\(same.diagnostics)")
        }
        #expect(try await archive.change("erase", "--ground", "request", id).status == 77)

        let released = try archive.json(
            await archive.change("release", "--case", "2026/17", "--reason", "settled", "--json", as: "carol")
        )
        #expect(released.first?["state"] as? String == "released")
        #expect(released.first?["releasedBy"] as? String == "carol")
        #expect(try await archive.change("erase", "--ground", "request", id).status == 0)

        let refused = try await archive.audit("refused")
        #expect(
            refused.compactMap { $0["what"] as? String } == ["erase"]
                + [String](repeating: "release", count: 4) + ["erase"])
        #expect(
            refused.compactMap { $0["actor"] as? String } == ["alice", "bob", "BOB", "b ob", "ｂｏｂ", "alice"])
        let again = try await archive.change("release", hold, "--reason", "settled")
        #expect(again.status == 66)
        #expect(again.diagnostics.contains("was released on"), "\(again.diagnostics)")
    }

    @Test func `lists holds in force, and released ones when asked to`() async throws {
        let archive = try await KeptArchive()
        for filter in [["--caller", "2000"], ["--all"]] {
            let result = try await Tool.voxkeep.run(
                archive.changing("hold") + ["--case", "C", "--reason", "first\u{202E}"] + filter,
                environment: archive.environment)
            #expect(result.status == 0, "\(result.diagnostics)")
        }
        let holds = try archive.json(await archive.read("holds", "--json"))
        #expect(holds.compactMap { $0["recordings"] as? Int } == [2, 5])
        #expect(holds.first?["filter"] as? [String: String] == ["caller": "2000"])
        #expect(holds.allSatisfy { $0["releasedAt"] is NSNull && $0["placedBy"] as? String == "alice" })

        let ambiguous = try await archive.change("release", "--case", "C", "--reason", "r")
        #expect(ambiguous.status == 66)
        #expect(ambiguous.diagnostics.contains("2 holds for the case C"), "\(ambiguous.diagnostics)")
        let first = try #require(holds.first?["hold"] as? String)
        for name in ["bob", "carol"] {
            #expect(try await archive.change("release", first, "--reason", "r", as: name).status == 0)
        }
        #expect(try archive.json(await archive.read("holds", "--json")).count == 1)
        let all = try await archive.read("holds", "--all")
        #expect(all.lines.filter { $0.hasSuffix("in force") || $0.hasSuffix("released") }.count == 2)
        #expect(all.text.contains("first\\u{202E}") && all.lines.allSatisfy { $0.count <= 80 })
        #expect(all.diagnostics.contains("1 hold in force, 1 released."))
    }

    @Test func `takes in what is archived later, and erases in the replicas`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 2))
        let options = ["--key-file", pbx.scratch("log.key")]
        let replica = pbx.scratch("replica")
        #expect(try await pbx.sync(options + ["--replica", replica]).status == 0)
        func voxkeep(_ verb: String, _ arguments: String...) async throws -> ToolResult {
            try await Tool.voxkeep.run([verb, "--archive", pbx.archive] + options + arguments)
        }
        let none = try await voxkeep("hold", "--case", "C", "--reason", "r", "--caller", "5551234")
        #expect(none.status == 66)
        #expect(none.diagnostics.contains("No recording passes the filter"), "\(none.diagnostics)")
        let hold = try await voxkeep(
            "hold", "--case", "C", "--reason", "r", "--caller", "5551234", "--future")
        #expect(hold.status == 0 && hold.text.contains("keeps      0 recordings, and those to come"))
        await pbx.emulator.mutate { mailboxes in
            _ = mailboxes.deliver(
                to: "1000", date: "2026-01-06 10:00:00", caller: "5551234", length: 1,
                audio: SyncedPBX.audio(seed: 9))
        }
        #expect(try await pbx.sync(options).status == 0)

        let list = try await Tool.voxkeep.run(["list", "--archive", pbx.archive, "--json", "--quiet"])
        let rows = try list.lines.map { try JSONDecoder().decode(KeptArchive.Row.self, from: Data($0.utf8)) }
        let held = try #require(rows.first { $0.caller == "5551234" })
        #expect(try await voxkeep("erase", "--ground", "g", held.id).status == 77)
        let others = rows.filter { $0.caller != "5551234" }

        try FileManager.default.moveItem(atPath: replica, toPath: replica + " away")
        let unreached = try await voxkeep("erase", "--ground", "g", others[0].id)
        #expect(unreached.status == 1)
        #expect(unreached.diagnostics.contains("still exists in each replica"), "\(unreached.diagnostics)")
        try FileManager.default.moveItem(atPath: replica + " away", toPath: replica)
        #expect(pbx.scratch.files().filter { $0.hasPrefix("replica/") && $0.hasSuffix(".flac") }.count == 3)
        #expect(try await voxkeep("erase", "--ground", "g", others[1].id).status == 0)
        let left = pbx.scratch.files().filter { $0.hasSuffix(".flac") }
        #expect(left.count == 2 && left.allSatisfy { $0.contains("5551234") }, "\(left)")
        try await pbx.emulator.stop()
    }
}
