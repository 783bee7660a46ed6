import Foundation
import RecordingArchive
import TestSupport
import Testing

@Suite struct ShowTests {
    private static func open(_ archive: SampleArchive, actor: String = "alice") async throws
        -> RecordingArchive
    {
        let key = archive.scratch("log.key")
        return try await RecordingArchive.open(
            at: archive.path, access: .write, key: { _, _ in LogKey(path: key) },
            context: ArchiveContext(actor: actor))
    }

    private static func object(_ result: ToolResult) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
    }

    /// An archive for tests that change nothing.
    private static let untouched = Task { try await SampleArchive(messages: 0) }

    /// What is printed for people, with the lines joined that were broken.
    private static func show(_ id: String, _ archive: SampleArchive) async throws -> String {
        let result = try await archive.voxkeep("show", id)
        #expect(result.status == 0, "\(result.diagnostics)")
        return result.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test func `shows all that is known of a recording, in 80 columns but for its path`() async throws {
        let archive = try await SampleArchive()
        let opened = try await Self.open(archive)
        try await opened.addReplica(archive.scratch("copy"))
        _ = try await opened.replicate(to: archive.scratch("copy"))
        for row in try await archive.list() {
            _ = try await opened.placeHold(case: "case-7", on: .ids([row.id]), future: false, reason: "suit")
        }
        _ = try await opened.extendRetention(of: .matching(RecordingFilter()), to: .forever, reason: "rule")
        try await opened.close()
        for row in try await archive.list() {
            let result = try await archive.voxkeep("show", String(row.id.prefix(6)))
            #expect(result.status == 0, "\(result.diagnostics)")
            // Where a line is broken depends on how long paths are.
            let words = result.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for text in [
                row.id, row.caller, row.path, row.sha256, row.pbxFile, "case case-7 since ", "for ever",
                "of the log, which has ", archive.scratch("copy") + ": there", "ingest by ",
                "hold by alice: case-7, suit",
            ] {
                #expect(words.contains(text), "\(text) is not in \(result.text)")
            }
            #expect(result.lines.allSatisfy { $0.count <= 80 || $0.contains("/") }, "\(result.text)")
            let object = try Self.object(try await archive.voxkeep("show", row.id, "--json"))
            #expect(object["logged"] as? Bool == true && object["holds"] as? Int == 1)
            #expect((object["copies"] as? [[String: String]])?.map { $0["state"] } == ["present"])
            #expect((object["holdsInForce"] as? [[String: String]])?.map { $0["case"] } == ["case-7"])
            let events = (object["audit"] as? [[String: Any]])?.compactMap { $0["event"] as? String }
            #expect(events == ["ingest", "hold", "retention"])
        }
    }

    @Test func `tells how the copies and the proof stand`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let id = try #require(try await archive.list().last).id
        let opened = try await Self.open(archive)
        try await opened.addReplica(archive.scratch("copy"))
        try await opened.close()
        #expect(try await Self.show(id, archive).contains("copy: not there yet; run replicate"))
        try FileManager.default.removeItem(atPath: archive.scratch("copy"))
        #expect(
            try await Self.show(id, archive).contains("copy: unknown, the replica is not mounted"))
        try FileManager.default.removeItem(atPath: archive.path + "/log")
        let unlogged = try Self.object(try await archive.voxkeep("show", id, "--json"))
        #expect(unlogged["logged"] as? Bool == false && unlogged["logSize"] is NSNull)
    }

    @Test func `shows the release of a hold, which names no recording`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let id = try #require(try await archive.list().last).id
        let opened = try await Self.open(archive)
        let hold = try await opened.placeHold(case: "c", on: .ids([id]), future: false, reason: "suit")
        _ = try await opened.release(hold: hold.id, reason: "over")
        try await opened.close()
        let other = try await Self.open(archive, actor: "bob")
        _ = try await other.release(hold: hold.id, reason: "agreed")
        try await other.close()
        let result = try await archive.voxkeep("show", id)
        #expect(
            result.text.contains("release-request by alice: over")
                && result.text.contains("release by bob: agreed"))
        #expect(result.text.contains("holds    none"))
    }

    @Test func `shows what is left of a recording that was erased, and restore names it`() async throws {
        let archive = try await SampleArchive(messages: 1)
        let row = try #require(try await archive.list().last)
        let opened = try await Self.open(archive)
        try await opened.erase([row.id], ground: "art. 17")
        try await opened.close()
        let result = try await archive.voxkeep("show", String(row.id.prefix(8)))
        #expect(result.status == 0)
        for text in ["erased", "by alice", "art. 17", row.sha256] { #expect(result.text.contains(text)) }
        #expect(!result.text.contains(row.caller) && !result.text.contains(".flac"))
        let object = try Self.object(try await archive.voxkeep("show", row.id, "--json"))
        #expect(object["state"] as? String == "erased" && object["ground"] as? String == "art. 17")
        let restore = try await archive.voxkeep("restore", row.id)
        #expect(restore.status == 66 && restore.diagnostics.contains("was erased on "))
    }

    @Test(
        arguments: [
            ("12345", 64, "6 to 32"), ("000000", 66, "no recording"), ("zzzzzz", 64, "6 to 32"),
            ("", 64, "6 to 32"),
        ]
            as [(String, Int32, String)])
    func `says what it cannot find`(id: String, status: Int32, sentence: String) async throws {
        let archive = try await Self.untouched.value
        let result = try await archive.voxkeep("show", id)
        #expect(result.status == status)
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
    }
}
