import Foundation
import TestSupport
import Testing

/// Runs verbs while the journal is not found, or gives no bytes, the n-th time that it is read.
@Suite(.serialized) struct MisreadFaultTests {
    @Test(
        .enabled(if: Machine.canInject, "needs strace, and the right to make name spaces"),
        arguments: ["hold", "restore"],
        ["openat:error=ENOENT", "pread64:retval=0", "?fstat,newfstatat:error=EIO"])
    func `loses no byte of the journal by one misread`(verb: String, injection: String) async throws {
        let kept = try await KeptArchive()
        let id = kept.rows[0].id
        let arguments =
            verb == "hold"
            ? kept.changing("hold") + ["--case", "C", "--reason", "suit", id]
            : ["restore", id, "--archive", kept.path, "--output", kept.scratch("out.wav")]
        let journal = "archive/journal/000000.jsonl"
        let before = kept.scratch.bytes(journal)
        let folder = try await PreparedFolder(kept.scratch.path)
        let calls = injection.prefix { $0 != ":" }
        var struck = 0
        while true {
            try await folder.setBack()
            let result = try await Tool("taskset").run(
                [
                    "--cpu-list", Machine.processor, "strace", "-f", "-qq", "-o", folder.aside("trace"), "-P",
                    kept.scratch(journal), "-e", "trace=\(calls)", "-e",
                    "inject=\(injection):when=\(struck + 1)",
                    Tool.voxkeep.path,
                ] + arguments, environment: kept.environment.merging(Machine.quietly) { $1 })
            guard folder.aside.text("trace")?.contains("(INJECTED)") == true else { break }
            struck += 1
            #expect(
                kept.scratch.bytes(journal).starts(with: before),
                "\(verb), \(injection) \(struck): \(result.status) \(result.diagnostics)")
            try #require(struck < 100)
        }
        #expect(struck > 2)
    }
}
