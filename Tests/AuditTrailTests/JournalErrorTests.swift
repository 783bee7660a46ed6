import AuditTrail
import DurableFiles
import Testing
import TransparencyLog

struct JournalErrorTests {
    @Test(
        arguments: [
            .damaged(path: "/a/journal/000000.jsonl", line: 7, .misplaced),
            .changed(path: "/a/journal", known: 4),
            .inUse(path: "/a/journal", process: 12), .inUse(path: "/a/journal", process: nil),
            .stopped(path: "/a/journal"), .outOfOrder(path: "/a/journal", line: 5, next: 4),
            .wrongSigner(path: "/a/journal", key: "log1+0123+abc"),
            .needsKey(path: "/a/journal", event: "hold"),
            .unwritable(event: "hold", .notFinite), .tooLarge(event: "hold", limit: 65_535),
            .file(FileError(operation: .write, path: "/a/journal/000000.jsonl", code: 28)),
        ] as [JournalError])
    func `is one sentence that names the item and a remedy`(error: JournalError) {
        #expect(error.description.contains("/a/journal") || error.description.contains("hold"))
        #expect(error.description.contains(";"))
        #expect(!error.description.contains("\n") && !error.description.hasSuffix("."))
    }

    @Test func `says which line is damaged, and how`() {
        let error = JournalError.damaged(path: "/a/journal/000001.jsonl", line: 10_007, .contradictory)
        #expect(
            error.description.hasPrefix(
                "line 10007 of the journal, in /a/journal/000001.jsonl, has an entry of other details; "))
    }
}
