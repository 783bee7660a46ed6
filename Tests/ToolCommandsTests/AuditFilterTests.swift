import Foundation
import RecordingArchive
import Testing

@testable import ToolCommands

@Suite struct AuditFilterTests {
    /// The holds of an archive that were placed a millisecond before a moment, at it, and a millisecond behind it.
    private func cases(since: Int64? = nil, before: Int64? = nil) async throws -> [String] {
        let small = try SmallArchive()
        let archive = try await small.open()
        for (offset, name) in [(-0.001, "earlier"), (0, "then"), (0.001, "later")] {
            small.now = Date(timeIntervalSince1970: Double(Self.moment) + offset)
            _ = try await archive.placeHold(
                case: name, on: .matching(RecordingFilter()), future: true, reason: "why")
        }
        try await archive.close()
        var walk = try AuditWalk(at: small.path)
        var filter = AuditFilter(since: since, before: before, events: ["hold"])
        var cases: [String] = []
        while let line = try walk.next() {
            if filter.passes(line), let name = line.text("case") { cases.append(name) }
        }
        return cases
    }

    private static let moment: Int64 = 1_767_607_300

    @Test func `begins with a moment, and ends before one, to the millisecond`() async throws {
        #expect(try await cases() == ["earlier", "then", "later"])
        #expect(try await cases(since: Self.moment) == ["then", "later"])
        #expect(try await cases(before: Self.moment) == ["earlier"])
        #expect(try await cases(since: Self.moment, before: Self.moment + 1) == ["then", "later"])
        #expect(try await cases(since: Self.moment - 1, before: Self.moment) == ["earlier"])
        #expect(try await cases(since: Self.moment + 1) == [])
    }
}
