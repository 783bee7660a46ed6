import Foundation
import RecordingArchive
import TestSupport
import Testing

/// A catalog beside which lies a log of changes of another moment, as after a restore of some of the files.
struct StaleChangesTests {
    private static let wal = "archive/catalog.sqlite-wal"

    /// Has SQLite write some pages of the catalog as they are into a log of changes, and takes that away.
    private func changes(_ scratch: ScratchArchive, _ statement: String) async throws -> Data {
        let catalog = scratch.folder("archive/catalog.sqlite")
        let result = try await Tool("sqlite3").run([catalog, ".dbconfig no_ckpt_on_close on", statement])
        try #require(result.status == 0, "\(result.diagnostics)")
        let url = URL(filePath: scratch.folder(Self.wal))
        let data = try Data(contentsOf: url)
        #expect(data.count > 4096)
        // SQLite takes it in, and is done with it.
        #expect(try scratch.folder.sqlite("SELECT COUNT(*) FROM recording") == "3\n")
        return data
    }

    /// Each has pages written as they are: SQLite writes no page that has not changed.
    private static let statements = [
        "UPDATE progress SET value = value || ' '; UPDATE progress SET value = rtrim(value)",
        "UPDATE recording SET holds = holds + 1; UPDATE recording SET holds = holds - 1",
        "UPDATE tally SET count = count + 1; UPDATE tally SET count = count - 1",
        "UPDATE recording SET path = path || 'x'; UPDATE recording SET path = rtrim(path, 'x'); "
            + "UPDATE progress SET value = value || ' '; UPDATE progress SET value = rtrim(value)",
    ]

    @Test(arguments: statements)
    func `is one finding, and made anew`(statement: String) async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let recordings = try await ["1", "2", "3"].asyncMap { try await archive.addMessage(from: $0) }
        try await archive.close()
        let changes = try await changes(scratch, statement)
        archive = try await scratch.open()
        try await archive.erase([recordings[0].id], ground: "request")
        try await archive.close()
        let dump = try scratch.dump()

        try scratch.folder.write(changes, to: Self.wal)
        let found = try await scratch.findings()
        #expect(found.map(\.kind.isDamage) == [true], "\(found)")
        #expect(found.first?.message.contains("run rebuild-catalog") == true, "\(found)")
        do {
            try await scratch.open().close()
        } catch let error as ArchiveError {
            guard case .catalogDamaged = error else {
                Issue.record("\(error)")
                return
            }
        }
        try scratch.folder.write(changes, to: Self.wal)
        _ = try await scratch.rebuild()
        #expect(try scratch.dump() == dump)
        #expect(try await scratch.findings() == [])
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows
        -> [Result]
    {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
