import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Does one damage at a time, and looks for the finding that names it, and no other.
@Suite(.serialized)
struct DamageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let damage: @Sendable (DamageFixture) throws -> Void
        let findings: @Sendable (DamageFixture) -> [String]

        init(
            _ name: String, _ damage: @escaping @Sendable (DamageFixture) throws -> Void,
            finds findings: @escaping @Sendable (DamageFixture) -> [String]
        ) {
            testDescription = name
            self.damage = damage
            self.findings = findings
        }
    }

    private static let fixture = Task { try await DamageFixture.make() }

    private func expect(_ item: Case) async throws {
        let fixture = try await Self.fixture.value
        try fixture.restore()
        try item.damage(fixture)
        let archive = try fixture.scratch.tree()
        let replica = try fixture.scratch.tree("replica")
        let found = try await fixture.scratch.findings()
        #expect(found.map(fixture.line).sorted() == item.findings(fixture).sorted())
        for finding in found {
            #expect((finding.replica != nil) == fixture.line(finding).contains(" replica"), "\(finding)")
            #expect(finding.message.contains("; "), "\(finding) says what to do")
        }
        // A verification writes nothing.
        #expect(try fixture.scratch.tree() == archive)
        #expect(try fixture.scratch.tree("replica") == replica)
    }

    @Test func `finds nothing where nothing is wrong`() async throws {
        try await expect(Case("nothing", { _ in }, finds: { _ in [] }))
    }

    @Test(arguments: files("archive") + files("replica"))
    func `names damage to files`(item: Case) async throws { try await expect(item) }

    @Test(arguments: logs("archive") + logs("replica"))
    func `names damage to the log`(item: Case) async throws { try await expect(item) }

    @Test(arguments: journals)
    func `names damage to the journal`(item: Case) async throws { try await expect(item) }

    @Test(arguments: rows)
    func `names damage to the catalog`(item: Case) async throws { try await expect(item) }

    @Test(arguments: catalogs)
    func `goes on without a catalog, and names that and all else`(item: Case) async throws {
        try await expect(item)
    }

    @Test(arguments: others)
    func `names other damage`(item: Case) async throws { try await expect(item) }
}
