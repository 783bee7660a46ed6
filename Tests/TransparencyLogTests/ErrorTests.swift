import DurableFiles
import Testing
import TransparencyLog

struct ErrorTests {
    private static let file = FileError(operation: .read, path: "/a/log", code: 5)

    @Test(
        arguments: [
            LogError.checkpointMissing(path: "/a/log"),
            .badCheckpoint(path: "/a/log", .unsigned(keys: ["k"])),
            .badCheckpoint(path: "/a/log", .malformed(reason: "it has no empty line before its signatures")),
            .badCheckpoint(path: "/a/log", .badSignature(key: "k")),
            .badCheckpoint(path: "/a/log", .foreignOrigin(found: "x\u{1B}[31m", expected: "k")),
            .damaged(path: "/a/log", .missing), .damaged(path: "/a/log", .malformed),
            .damaged(path: "/a/log", .altered), .rootMismatch(path: "/a/log", size: 3),
            .rolledBack(path: "/a/log", size: 1, known: 2), .rewritten(path: "/a/log", known: 2),
            .outOfRange(path: "/a/log", index: 2, size: 1), .full(path: "/a/log"),
            .inUse(path: "/a/log", process: 7), .inUse(path: "/a/log", process: nil),
            .stopped(path: "/a/log"),
            .file(file), .signing(.exists(path: "/a/log")), .signing(.missing(path: "/a/log")),
            .signing(.malformed(path: "/a/log")),
            .signing(.accessibleToOthers(path: "/a/log", permissions: 0o644)),
            .signing(.recordMissing(path: "/a/log")),
            .signing(.recordUnusable(path: "/a/log", .unsigned(keys: []))),
            .signing(.orphanedRecord(path: "/a/log")), .signing(.inUse(path: "/a/log", process: 7)),
            .signing(.inUse(path: "/a/log", process: nil)), .signing(.stopped(path: "/a/log")),
            .signing(.notExtending(path: "/a/log", signed: 3, offered: 2, .rootMismatch)),
            .signing(.file(file)),
        ])
    func `is one sentence that names the item and a remedy`(error: LogError) {
        expectSentence(error.description)
        expectSentence(LogFinding.failure(error).description)
    }

    @Test(arguments: [
        LogFinding.entryAltered(path: "/a/log", index: 1), .earlierTileAltered(path: "/a/log"),
        .stray(path: "/a/log"), .leaving(path: "/a/log"),
    ])
    func `is one sentence for what a verification finds, too`(finding: LogFinding) {
        expectSentence(finding.description)
    }

    private func expectSentence(_ text: String) {
        #expect(text.contains("/a/log"))
        #expect(text.contains(";") || text.contains(", then run:"), "\(text)")
        #expect(!text.contains { $0.isNewline || $0 == "\u{1B}" })
        #expect(!text.hasSuffix("."))
    }

    @Test(arguments: [
        ProofError.indexOutOfRange(index: 2, size: 1), .sizesOutOfOrder(old: 2, new: 1), .wrongLength,
        .rootMismatch,
        .oldRootMismatch,
    ])
    func `says of a proof what it does not prove`(error: ProofError) {
        #expect(error.description.contains(";"))
        #expect(LogProof.Failure.inclusion(error).description == error.description)
    }
}
