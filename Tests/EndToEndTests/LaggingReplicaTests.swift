import Foundation
import TestSupport
import Testing

/// A replica that was set back to what it was before: an older copy of it, or of parts of it, was put back.
@Suite struct LaggingReplicaTests {
    @Test(
        arguments: [
            ["journal"], ["log"], ["log/checkpoint"], ["journal", "log"],
            ["journal", "log", "recordings", "quarantine", "anchors", "listings"],
        ])
    func `is no damage, and is caught up by one repair`(parts: [String]) async throws {
        let archive = try await HostileArchive()
        for part in parts {
            try FileManager.default.removeItem(atPath: archive.scratch("replica/" + part))
            let older = archive.scratch("older/" + part)
            guard FileManager.default.fileExists(atPath: older) else { continue }
            try FileManager.default.copyItem(atPath: older, toPath: archive.scratch("replica/" + part))
        }
        let key = ["--json", "--key-file", "log.key"]
        let found = try await archive.voxkeep(["verify"] + key)
        #expect(found.status == 0, "\(found.text)\(found.diagnostics)")
        #expect(found.text.contains(#""kind":"replica.behind""#), "\(found.text)")
        let repaired = try await archive.voxkeep(["verify", "--repair"] + key)
        #expect(repaired.status == 0, "\(repaired.text)\(repaired.diagnostics)")
        #expect(
            repaired.lines.contains {
                $0.contains(#""repaired":true"#) && $0.contains("was brought up to date from")
            }, "\(repaired.text)")
        let again = try await archive.voxkeep(["verify"] + key)
        #expect(again.status == 0 && again.lines.count == 1, "\(again.text)\(again.diagnostics)")
        let same = try await Tool("diff").run(
            ["-r", archive.scratch("archive/recordings"), archive.scratch("replica/recordings")])
        #expect(same.status == 0, "\(same.text)")
    }

    @Test func `is named with the reason where a repair cannot catch it up`() async throws {
        let archive = try await HostileArchive()
        // A copy that the archive does not know of, from before.
        let copied = try await Tool("cp").run(["-a", archive.scratch("replica"), archive.scratch("other")])
        try #require(copied.status == 0)
        for part in ["journal", "log"] {
            try FileManager.default.removeItem(atPath: archive.scratch("other/" + part))
            try FileManager.default.copyItem(
                atPath: archive.scratch("older/" + part), toPath: archive.scratch("other/" + part))
        }
        let result = try await archive.voxkeep(
            ["verify", "--repair", "--replica", archive.scratch("other"), "--key-file", "log.key"])
        #expect(result.status == 1)
        #expect(result.text.contains("is no replica that the archive knows of"), "\(result.text)")
    }
}
