import CatalogSamples
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Counts what a page of a list costs, with SQLite's own shell: steps of its machine, which are the same each time.
struct ListingCostTests {
    private static let rows = 20_000
    private static let limit = 100

    /// A catalog of 4000 rows, to be copied: making one takes a second.
    private static let template = Task {
        let folder = try ScratchFolder(inMemory: true)
        try ListingCatalog.make(folder, rows: 4000).close()
        return folder
    }

    /// What `sqlite3` says of the statements of a page.
    private func costs(
        _ filter: RecordingFilter, _ folder: ScratchFolder, fewRows: Int
    ) async throws -> (steps: Int, plan: [String]) {
        var catalog = try CatalogFile(inFolder: folder.path)
        catalog.fewRows = fewRows
        let statements = try catalog.statements(filter, limit: Self.limit)
        try catalog.close()
        let database = folder("catalog.sqlite")
        let script = statements.map { $0 + ";\n" }.joined()
        let run = try await Tool("sqlite3").run(["-cmd", ".stats on", database, script])
        #expect(run.status == 0, "\(run.diagnostics)")
        let steps = run.lines.filter { $0.hasPrefix("Virtual Machine Steps:") }.compactMap {
            $0.split(separator: " ").last.flatMap { Int($0) }
        }
        #expect(steps.count == statements.count)
        let last = statements.last.map { "EXPLAIN QUERY PLAN \($0);" } ?? ""
        let plan = try await Tool("sqlite3").run([database, last])
        return (steps.reduce(0, +), plan.lines)
    }

    @Test func `no list tries more than every row once, in one index, and sorts nothing`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        try ListingCatalog.make(folder, rows: Self.rows).close()
        for (name, filter) in ListingCases.all {
            let (steps, plan) = try await costs(filter, folder, fewRows: ListingCatalog.fewRows)
            // Up to seven conditions, each with a column to read and to compare, and the step to the next row.
            #expect(steps < 16 * Self.rows, "\(name): \(steps)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(name): \(plan)")
            #expect(
                !plan.contains { $0.contains("SCAN r") && !$0.contains("COVERING INDEX") }, "\(name): \(plan)"
            )
        }
    }

    @Test(arguments: [
        "all", "a month, eight years ago", "before all", "a PBX, half of all", "a PBX, the oldest tenth",
        "an extension, the oldest", "an extension", "an extension that is not there", "a caller",
        "a verdict, nine tenths", "quarantine", "over an hour", "under none", "a case of 100",
        "a case of an eighth", "a case that is not there", "without end", "policy 30y", "words, nine tenths",
        "words, the oldest", "words, a caller", "words that are not there", "words, two disjoint, large",
        "words, a phrase", "words, nine tenths, of the oldest PBX", "words, nine tenths, over an hour",
        "words and three values that exclude one another",
    ])
    func `one condition, or words with values, costs what is on the page`(name: String) async throws {
        let folder = try ScratchFolder(inMemory: true)
        let template = try await Self.template.value
        try FileManager.default.copyItem(
            atPath: template("catalog.sqlite"), toPath: folder("catalog.sqlite"))
        let filter = try #require(ListingCases.all.first { $0.name == name }?.filter)
        let (steps, _) = try await costs(filter, folder, fewRows: 20_000)
        #expect(steps < 16 * Self.limit, "\(steps)")
    }

    @Test(arguments: [400, 4000])
    func `a condition that few rows meet costs those rows`(rows: Int) async throws {
        let folder = try ScratchFolder(inMemory: true)
        try ListingCatalog.make(folder, rows: rows).close()
        let filter = RecordingFilter(
            extension: SampleRecordings.oldExtension, verdict: "flawed", state: .archived, minDuration: 1)
        let (steps, _) = try await costs(filter, folder, fewRows: 200)
        // 100 to 200 have that extension, however many there are.
        #expect(steps < 200 * 30, "\(steps)")
    }
}
