import Foundation
import TestSupport
import Testing

/// Parts of an archive that are damaged together, beside a whole replica.
@Suite struct DamageMatrixTests {
    /// What must be the same before and after: recordings, holds, and events that must be there once.
    private func content(of archive: HostileArchive) async throws -> [String] {
        var content: [String] = []
        let list = try await archive.voxkeep(["list", "--json", "--quiet"])
        for row in list.lines {
            content.append(String(try #require(try #/"id":"([0-9a-f]{32})"/#.firstMatch(in: row)).1))
        }
        let holds = try await archive.voxkeep(["holds", "--json"])
        content.append("\(holds.lines.count) holds")
        let audit = try await archive.voxkeep(["audit", "--json"])
        for event in ["ingest", "erase", "hold", "key", "anchor"] {
            content.append("\(audit.lines.count { $0.contains("\"event\":\"\(event)\"") }) \(event)")
        }
        return content
    }

    private static func damage(_ random: inout SplitMix) -> [DamagedPart] {
        let count = Int.random(in: 0..<4, using: &random) == 0 ? 3 : 2
        let parts = DamagedPart.Part.allCases.shuffled(using: &random).prefix(count)
        func harm(_ choices: Int) -> DamagedPart.Harm {
            DamagedPart.Harm.allCases[Int.random(in: 0..<choices, using: &random)]
        }
        var damage = parts.map { DamagedPart(place: "archive", part: $0, harm: harm(4)) }
        // What is nowhere else than in the two descriptions is gone with both.
        if Int.random(in: 0..<3, using: &random) == 0, !parts.contains(.description) {
            damage.append(DamagedPart(place: "replica", part: .description, harm: harm(3)))
        }
        return damage
    }

    @Test(arguments: 0..<(FaultCoverage.isFull ? 300 : 16))
    func `are named, and mended by one repair, which loses nothing`(seed: Int) async throws {
        var random = SplitMix(state: UInt64(seed))
        let archive = try await HostileArchive()
        let before = try await content(of: archive)
        let damage = Self.damage(&random)
        var places: Set<String> = []
        for part in damage where try part.make(in: archive, &random) { places.insert(part.place) }
        guard !places.isEmpty else { return }
        let comment: Comment = "\(seed): \(damage)"
        let found = try await archive.voxkeep(["verify", "--json", "--key-file", "log.key"])
        #expect(found.status == 1, "\(comment); \(found.text)\(found.diagnostics)")
        // The blame is on the right side.
        for row in found.lines where row.contains("\"damage\":true") && row.contains("\"kind\"") {
            #expect(
                places.contains(row.contains("\"replica\":null") ? "archive" : "replica"),
                "\(comment); \(row)")
        }
        let repaired = try await archive.voxkeep([
            "verify", "--repair", "--replica", HostileArchive.replica, "--key-file", "log.key",
        ])
        #expect(repaired.status == 0, "\(comment); \(repaired.text)\(repaired.diagnostics)")
        let again = try await archive.voxkeep(["verify", "--json", "--key-file", "log.key"])
        #expect(again.status == 0 && again.lines.count == 1, "\(comment); \(again.text)")
        #expect(try await content(of: archive) == before, comment)
        let same = try await Tool("diff").run(
            [
                "-r", "-x", "manifest-sha256.txt", archive.scratch("archive/recordings"),
                archive.scratch("replica/recordings"),
            ])
        #expect(same.status == 0, "\(comment); \(same.text)")
    }
}
