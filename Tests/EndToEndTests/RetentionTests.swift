import Foundation
import TestSupport
import Testing

@Suite struct RetentionTests {
    @Test func `extends a retention and never shortens one`() async throws {
        let archive = try await KeptArchive()
        let (month, event, forever) = (archive.rows[0].id, archive.rows[2].id, archive.rows[4].id)
        let longer = try await archive.change("retain", "--policy", "20y", "--reason", "contract", month)
        #expect(longer.status == 0)
        #expect(longer.text == "The retention of 1 recording is 20y now.\n")
        for (id, policy) in [(month, "10y"), (event, "10y"), (forever, "100y")] {
            let refused = try await archive.change("retain", "--policy", policy, "--reason", "less", id)
            #expect(refused.status == 77)
            #expect(refused.diagnostics.contains("can only be extended"), "\(refused.diagnostics)")
        }
        #expect(
            try await archive.change("retain", "--event-date", "2020-06-01", "--reason", "end", event).status
                == 0)
        let earlier = try await archive.change(
            "retain", "--event-date", "2020-05-31", "--reason", "end", event)
        #expect(earlier.status == 77)
        let noEvent = try await archive.change(
            "retain", "--event-date", "2020-05-31", "--reason", "end", forever)
        #expect(noEvent.status == 77)
        #expect(noEvent.diagnostics.contains("counts from no event"), "\(noEvent.diagnostics)")

        let audit = try await archive.audit("retention", "event", "refused")
        #expect(
            audit.compactMap { $0["event"] as? String }
                == ["retention", "refused", "refused", "refused", "event", "refused", "refused"])
        #expect(audit[0]["records"] as? [String] == [month])
        let all = try archive.json(
            await archive.change("retain", "--policy", "forever", "--reason", "merger", "--all", "--json"))
        #expect(all.first?["recordings"] as? Int == 5)
    }

    @Test func `erases what has expired only after a dry run, and never what is held`() async throws {
        let archive = try await KeptArchive()
        let (due, held) = (archive.rows[0], archive.rows[1])
        let untried = try await archive.change("expire")
        #expect(untried.status == 77)
        #expect(untried.diagnostics.contains("run expire --dry-run first"), "\(untried.diagnostics)")
        #expect(try await archive.change("hold", "--case", "C", "--reason", "r", held.id).status == 0)

        let dryRun = try await archive.change("expire", "--dry-run")
        #expect(dryRun.status == 0)
        #expect(dryRun.lines.count == 3)
        // Messages that are synced at once come in in any order.
        let (dueLine, heldLine) = (
            dryRun.lines.first { $0.hasPrefix("due    \(due.id.prefix(12))") },
            dryRun.lines.first { $0.hasPrefix("held   \(held.id.prefix(12))") }
        )
        #expect(dueLine?.contains("from 2000") == true, "\(dryRun.text)")
        #expect(heldLine != nil, "\(dryRun.text)")
        #expect(dryRun.lines[2] == "30d: 1 recording")
        #expect(dryRun.diagnostics.contains("1 recording would be erased; 1 more is due and held."))
        #expect(FileManager.default.fileExists(atPath: due.output))

        let rows = try archive.json(await archive.change("expire", "--json"))
        #expect(
            Set(rows.map { "\($0["id"] ?? "") \($0["outcome"] ?? "")" })
                == ["\(due.id) erased", "\(held.id) held"])
        #expect(!FileManager.default.fileExists(atPath: due.output))
        #expect(FileManager.default.fileExists(atPath: held.output))
        #expect(try await archive.audit("erase").first?["ground"] as? String == "retention 30d")

        // A policy that is new to expiry needs a dry run of its own.
        #expect(
            try await archive.change(
                "retain", "--event-date", "2020-02-01", "--reason", "r", archive.rows[2].id
            ).status == 0)
        #expect(try await archive.change("expire").status == 77)
    }

    @Test(.enabled(if: Machine.has("faketime"), "needs faketime"))
    func `erases nothing while the clock is behind, and writes down that it was asked to`() async throws {
        let archive = try await KeptArchive()
        #expect(try await archive.change("expire", "--dry-run").status == 0)
        let behind = try await Tool("faketime").run(
            ["2021-01-01 00:00:00", Tool.voxkeep.path] + archive.changing("expire"),
            environment: archive.environment)
        #expect(behind.status == 77)
        #expect(behind.diagnostics.contains("set the clock right"), "\(behind.diagnostics)")
        // One that is refused far ahead leaves no time behind that would keep a right one from erasing.
        let ahead = try await Tool("faketime").run(
            ["2090-01-01 00:00:00", Tool.voxkeep.path] + archive.changing("erase") + [
                "--ground", "g", "0000000",
            ],
            environment: archive.environment)
        #expect(ahead.status == 66)
        #expect(try await archive.audit("refused").map { $0["about"] as? String } == ["the clock"])
        #expect(try await archive.change("expire").status == 0)
    }

    @Test func `tells of bytes that a reader keeps in the catalog, and takes them out with the next run`()
        async throws
    {
        let archive = try await KeptArchive()
        let grep = ["-rla", KeptArchive.onlyCaller, archive.path]
        let reader = try await CatalogReader(of: archive.path + "/catalog.sqlite")
        let erased = try await archive.change("erase", "--ground", "g", archive.rows[4].id)
        #expect(erased.status == 1)
        #expect(
            erased.diagnostics.contains("still in the catalog's pages while another process reads it"),
            "\(erased.diagnostics)")
        #expect(try await Tool("grep").run(grep).status == 0)

        let status = try await archive.read("status")
        #expect(status.status == 0)
        #expect(status.text.contains("still in the catalog's pages"), "\(status.text)")
        let row = try archive.json(await archive.read("status", "--json")).first
        #expect(row?["erasedPages"] as? Bool == true)
        let verified = try await archive.read("verify")
        #expect(verified.status == 0, "\(verified.diagnostics)")
        #expect(verified.text.contains("bytes of what was erased"), "\(verified.text)")

        await reader.kill()
        #expect(
            try await archive.change("retain", "--policy", "40y", "--reason", "r", archive.rows[0].id).status
                == 0)
        let after = try await Tool("grep").run(grep)
        #expect(after.status == 1 && after.output.isEmpty, "\(after.text)")
        #expect(try await !archive.read("status").text.contains("catalog's pages"))
        #expect(try await !archive.read("verify").text.contains("erased,"))
    }

    @Test func `leaves nothing of the caller behind an erasure`() async throws {
        let archive = try await KeptArchive()
        let row = archive.rows[4]
        let before = try await Tool("grep").run(["-rla", KeptArchive.onlyCaller, archive.path])
        #expect(
            before.lines.contains { $0.hasSuffix("catalog.sqlite") || $0.hasSuffix("catalog.sqlite-wal") })
        let erased = try archive.json(
            await archive.change(
                "erase", "--ground", "GDPR Art. 17, request 42", row.id, String(row.id.prefix(9)), "--json"))
        #expect(erased.count == 1)
        #expect(erased.first?["ground"] as? String == "GDPR Art. 17, request 42")
        let after = try await Tool("grep").run(["-rla", KeptArchive.onlyCaller, archive.path])
        #expect(after.status == 1 && after.output.isEmpty, "\(after.text)")
        let names = try await Tool("find").run([archive.path, "-name", "*\(KeptArchive.onlyCaller)*"])
        #expect(names.output.isEmpty, "\(names.text)")

        let again = try await archive.change("erase", "--ground", "g", String(row.id.prefix(9)))
        #expect(again.status == 66)
        #expect(again.diagnostics.contains("was erased on"), "\(again.diagnostics)")
        let story = try archive.json(
            await archive.read("audit", "--record", String(row.id.prefix(9)), "--json"))
        #expect(story.compactMap { $0["event"] as? String } == ["ingest", "erase"])
    }
}
