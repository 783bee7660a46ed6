import Foundation
import PBXEmulator
import TestSupport
import Testing

struct ListTests {
    private struct Row: Decodable {
        let id: String
        let caller: String
        let duration: Double
        let holds: Int
        let retention: String
        let retainUntil: String?
    }

    /// Lists the rows of the archive that some options leave.
    private func rows(_ pbx: SyncedPBX, _ options: [String]) async throws -> (
        callers: [String], cursor: String?
    ) {
        let result = try await Tool.voxkeep.run(["list", "--archive", pbx.archive, "--json"] + options)
        try #require(result.status == 0, "\(result.diagnostics)")
        let rows = try result.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
        #expect(rows.allSatisfy { $0.holds == 0 && $0.id.count == 32 })
        let cursor = result.diagnostics.firstMatch(of: /--page-after (\S+)/).map { String($0.1) }
        return (rows.map(\.caller), cursor)
    }

    @Test func `lists what filters let through, and a page at a time`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 8))
        #expect(try await pbx.sync().status == 0)
        let all = (0..<8).reversed().map { "200\($0)" }
        #expect(try await rows(pbx, []) == (all, nil))
        #expect(try await rows(pbx, ["--extension", "1001"]).callers == ["2007", "2005", "2003", "2001"])
        #expect(try await rows(pbx, ["--caller", "2003", "--pbx", "test"]).callers == ["2003"])
        // The PBX is in China, eight hours ahead.
        #expect(
            try await rows(pbx, ["--since", "2026-01-05T01:03Z", "--before", "2026-01-05T09:05:00+08:00"])
                .callers
                == ["2004", "2003"])
        #expect(
            try await rows(pbx, ["--min-duration", "2s", "--max-duration", "4"]).callers == [
                "2007", "2004", "2001",
            ])
        #expect(try await rows(pbx, ["--verdict", "valid", "--state", "archived"]).callers == all)
        #expect(try await rows(pbx, ["--state", "quarantined"]).callers == [])
        #expect(try await rows(pbx, ["--text", "2005 VALID"]).callers == ["2005"])
        #expect(try await rows(pbx, ["--hold", "any"]).callers == [])
        #expect(try await rows(pbx, ["--hold", "none", "--retention", "undecided"]).callers == all)
        #expect(try await rows(pbx, ["--retention", "expired"]).callers == [])
        #expect(try await rows(pbx, ["--retention", "endless"]).callers == all)

        var listed: [String] = []
        var cursor: String?
        repeat {
            let page = try await rows(pbx, ["--limit", "3"] + (cursor.map { ["--page-after", $0] } ?? []))
            listed += page.callers
            cursor = page.cursor
        } while cursor != nil && listed.count < 9
        #expect(listed == all)
        try await pbx.emulator.stop()
    }

    @Test(arguments: [
        ["--since", "yesterday"], ["--min-duration", "long"], ["--state", "lost"], ["--verdict", "good"],
        ["--hold", ""],
        ["--retention", "10"], ["--text", " - "], ["--limit", "0"], ["--page-after", "x"],
        ["--since", "2026-02-01", "--before", "2026-01-01"], ["--min-duration", "5", "--max-duration", "4"],
    ])
    func `says what is wrong with a filter`(options: [String]) async throws {
        let result = try await Tool.voxkeep.run(["list", "--archive", "/nowhere"] + options)
        #expect(result.status == 64)
        #expect(result.diagnostics.contains("Error:"))
    }
}
