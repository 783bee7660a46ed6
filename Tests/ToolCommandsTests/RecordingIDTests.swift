import ArgumentParser
import RecordingArchive
import Testing

@testable import ToolCommands

@Suite struct RecordingIDTests {
    @Test(arguments: ["0123ab", "ABCDEF", "0123456789abcdef0123456789abcdef"])
    func `takes an id or its first digits`(text: String) throws {
        try RecordingID.check([text])
    }

    @Test(arguments: ["", "12345", "12345g", "0123456789abcdef0123456789abcdef0", "１２３４５６", "../abc"])
    func `takes nothing else`(text: String) {
        #expect(throws: (any Error).self) { try RecordingID.check(["0123ab", text]) }
    }

    @Test func `stands for one recording, and for none of several`() async throws {
        let small = try SmallArchive()
        let archive = try await small.open()
        let first = try await archive.addMessage(from: "1")
        #expect(try await RecordingID.resolve(SmallArchive.prefix.uppercased(), in: archive) == first.id)
        let second = try await archive.addMessage(from: "2")
        let refusal = await #expect(throws: Failure.self) {
            try await RecordingID.resolve(SmallArchive.prefix, in: archive)
        }
        for name in [first.id, second.id, "give more digits"] {
            #expect(refusal?.description.contains(name) == true)
        }
        for recording in [first, second] {
            let digits = String(recording.id.prefix(SmallArchive.prefix.count + 2))
            #expect(try await RecordingID.resolve(digits, in: archive) == recording.id)
        }
        // What was erased counts: its id still stands in the audit trail.
        try await archive.erase([second.id], ground: "a request")
        await #expect(throws: Failure.self) {
            try await RecordingID.resolve(SmallArchive.prefix, in: archive)
        }
        await #expect(throws: ArchiveError.noRecording(id: "000000")) {
            try await RecordingID.resolve("000000", in: archive)
        }
    }

    @Test func `stands for one hold, and for none of several`() async throws {
        let small = try SmallArchive()
        let archive = try await small.open()
        func place() async throws -> Hold {
            try await archive.placeHold(
                case: "A", on: .matching(RecordingFilter()), future: true, reason: "why")
        }
        let first = try await place()
        let byDigits = try HoldID.parse([SmallArchive.prefix])
        let byCase = try HoldID.parse(["--case", "A"])
        for name in [byDigits, byCase] { #expect(try await name.hold(in: archive).id == first.id) }
        _ = try await place()
        for name in [byDigits, byCase] {
            await #expect(throws: Failure.self) { try await name.hold(in: archive) }
        }
        let whole = try HoldID.parse([first.id])
        #expect(try await whole.hold(in: archive).id == first.id)
    }
}
