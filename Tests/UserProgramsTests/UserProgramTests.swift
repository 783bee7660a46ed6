import Foundation
import TestSupport
import Testing
import UserPrograms

struct UserProgramTests {
    init() {
        // As the program itself does.
        signal(SIGPIPE, SIG_IGN)
    }

    // The limit is beyond what a busy machine makes of any of these programs; only what would hang for ever meets it.
    private func run(
        _ command: String, _ input: String = "", within limit: Duration = .seconds(600), bytes: Int = 1 << 20
    ) async throws -> String {
        let program = UserProgram(command, timeLimit: limit, sizeLimit: bytes)
        return String(decoding: try await program.run(Array(input.utf8)), as: UTF8.self)
    }

    @Test func `gives the input and returns the output`() async throws {
        #expect(try await run("cat; echo end", "one\ntwo\n") == "one\ntwo\nend\n")
    }

    @Test func `an input that nobody reads is no failure`() async throws {
        let input = String(repeating: "x", count: 1 << 20)
        #expect(try await run("echo done", input) == "done\n")
    }

    @Test func `more than pipes hold goes both ways`() async throws {
        let input = String(repeating: "0123456789abcdef", count: 1 << 15)
        #expect(try await run("cat", input) == input)
    }

    @Test func `a status is told with the last line of the standard error`() async {
        await #expect(throws: UserProgramError.failed(status: 3, message: "no model")) {
            try await run("echo start >&2; echo 'no model' >&2; exit 3")
        }
        await #expect(throws: UserProgramError.failed(status: 1, message: nil)) { try await run("exit 1") }
    }

    @Test func `a signal is told`() async {
        await #expect(throws: UserProgramError.killed(signal: 9, message: nil)) {
            try await run("kill -9 $$")
        }
    }

    @Test func `a program that is not there is told apart from one that fails`() async {
        await #expect {
            try await run("/nowhere/to-be-found")
        } throws: { error in
            guard case .cannotRun(let reason) = error as? UserProgramError else { return false }
            return reason.contains("/nowhere/to-be-found")
        }
    }

    @Test func `a program that hangs is ended with all that it has started`() async throws {
        let mark = "\(UUID())"
        await #expect(throws: UserProgramError.timedOut(.milliseconds(300))) {
            try await run("sleep 300 & sh -c 'sleep 301; : \(mark)' ; wait", within: .milliseconds(300))
        }
        let others =
            "grep -la '\(mark.dropLast())[\(mark.suffix(1))]' /proc/[0-9]*/cmdline 2>/dev/null || true"
        #expect(try await run(others) == "")
    }

    @Test func `a program that ignores being asked to end is killed`() async {
        await #expect(throws: UserProgramError.timedOut(.milliseconds(200))) {
            try await run("trap '' TERM; while :; do sleep 0.1; done", within: .milliseconds(200))
        }
    }

    @Test func `endless output is cut off`() async {
        await #expect(throws: UserProgramError.saidTooMuch(limit: 1000)) {
            try await run("yes", bytes: 1000)
        }
    }

    @Test func `endless messages do no harm`() async throws {
        await #expect(throws: UserProgramError.failed(status: 2, message: "last")) {
            try await run("head -c 50000000 /dev/zero >&2; echo >&2; echo last >&2; exit 2")
        }
    }

    @Test func `a child that stays behind with the output does not hold us up`() async throws {
        let folder = try ScratchFolder()
        let mark = folder.path("go")
        // It would stay until the limit, as nobody makes the file before.
        let child = "while [ ! -e '\(mark)' ]; do sleep 0.1; done"
        #expect(try await run("(\(child)) & echo done") == "done\n")
        #expect(FileManager.default.createFile(atPath: mark, contents: nil))
    }

    @Test func `a cancelled program is ended`() async throws {
        let task = Task { try await run("sleep 60") }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
    }

    @Test func `secrets stay with us`() async throws {
        setenv("VOXKEEP_TEST_SECRET", "hidden", 1)
        #expect(try await run("env").contains("PATH="))
        #expect(try await !run("env").contains("hidden"))
    }
}
