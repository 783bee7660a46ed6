import Foundation
import TestSupport
import Testing

/// An input that is no WAV file that can be read.
struct BadInput: Sendable, CustomTestStringConvertible {
    /// Lines of bash that make it; `good.wav` and `good.flac` are there.
    let script: String
    /// The path to give, below `in`.
    let name: String
    /// A part of the sentence that is printed.
    let sentence: String
    /// The exit code where this is the only input.
    let status: Int32

    var testDescription: String { script }

    init(_ script: String, _ name: String, _ sentence: String, _ status: Int32 = 66) {
        self.script = script
        self.name = name
        self.sentence = sentence
        self.status = status
    }

    static let all = [
        BadInput("true", "absent.wav", "There is no such file or folder"),
        BadInput("mkdir in/empty", "empty", "There is no WAV file in this folder"),
        BadInput("ln -s loop.wav in/loop.wav", "loop.wav", "leads back to itself"),
        BadInput("ln -s nowhere in/dangling.wav", "dangling.wav", "leads nowhere"),
        BadInput("mkdir -p in/a/b; ln -s .. in/a/b/up", "a", "leads back to a folder above it"),
        BadInput("mkfifo in/fifo.wav", "fifo.wav", "in/fifo.wav is a pipe"),
        BadInput("ln -s /dev/zero in/zero.wav", "zero.wav", "in/zero.wav is a pipe, a socket or a device"),
        BadInput("cp good.wav in/file", "file/x.wav", "a part of its path is a file"),
        BadInput("cp good.wav $'in/latin\\xe9.wav'", ".", "not UTF-8"),
        BadInput("mkdir $'in/caf\\xe9'; cp good.wav $'in/caf\\xe9/x.wav'", ".", "not UTF-8"),
        BadInput(
            "cd in; for i in {1..21}; do mkdir $(printf 'd%.0s' {1..200}); cd d*; done; cp \"$OLDPWD/../good.wav\" . || true",
            ".", "too long"),
        BadInput(": > in/zero.wav", "zero.wav", "The file is empty", 1),
        BadInput("cp good.flac in/flac.wav", "flac.wav", "looks like a FLAC stream", 1),
        BadInput(
            "printf 'ID3\\3\\0\\0\\0\\0\\0\\0\\377\\373\\220' > in/mp3.wav", "mp3.wav",
            "looks like an MP3 file", 1),
        BadInput("echo '<html>' > in/page.wav", "page.wav", "no WAVE file", 1),
    ]
}

@Suite struct ConvertBadInputTests {
    private let work: Workspace

    init() throws {
        work = try Workspace()
    }

    private func make(_ input: BadInput) async throws {
        try work.wave("good.wav")
        #expect(try await work.voxkeep("convert", "good.wav", "--output", ".").status == 0)
        #expect(try await work.bash("mkdir in; " + input.script).status == 0)
    }

    @Test(arguments: BadInput.all)
    func `tells of a bad input in one sentence, and goes on with the batch`(input: BadInput) async throws {
        try await make(input)
        let result = try await work.voxkeep(
            "convert", "in/\(input.name)", "good.wav", "--output", "out", "--json")
        #expect(result.status == 1, "\(result.diagnostics)")
        let rows = try Row.rows(result.text)
        #expect(rows.count == 2)
        let bad = try #require(rows.first { $0.file != "good.wav" })
        #expect(bad.error?.contains(input.sentence) == true, "\(bad.error ?? "")")
        #expect(bad.error?.contains(". ") == false)
        #expect(bad.output == nil)
        #expect(rows.contains { $0.file == "good.wav" && $0.output == "out/good.flac" })
        #expect(work.scratch.files().filter { $0.hasPrefix("out/") } == ["out/good.flac"])
    }

    @Test(arguments: BadInput.all)
    func `ends with the exit code that a bad input deserves`(input: BadInput) async throws {
        try await make(input)
        let converted = try await work.voxkeep("convert", "in/\(input.name)", "--output", "out")
        #expect(converted.status == input.status)
        #expect(converted.text.contains(input.sentence))
        #expect(work.leavings.isEmpty)
        let inspected = try await work.voxkeep("inspect", "in/\(input.name)")
        #expect(inspected.status == input.status)
        // Verdicts are results; what cannot be read is a failure.
        let told =
            input.status == 66
            ? inspected.diagnostics : inspected.text.split(separator: "\n").joined(separator: " ")
        #expect(told.contains(input.sentence), "\(inspected.text)\(inspected.diagnostics)")
    }

    @Test(.enabled(if: Machine.canDropPrivileges, "needs to give up the right to read everything"))
    func `tells of files and folders that may not be read`() async throws {
        try work.wave("in/good.wav")
        try work.wave("in/secret.wav")
        try work.wave("in/closed/x.wav")
        let result = try await work.bash(
            """
            chmod 000 in/secret.wav in/closed
            \(Machine.unprivileged) "$VOXKEEP" convert in --output out; echo "mixed $?"
            \(Machine.unprivileged) "$VOXKEEP" convert in/secret.wav --output out; echo "alone $?"
            \(Machine.unprivileged) "$VOXKEEP" inspect in/secret.wav; echo "inspect $?"
            chmod 755 in/closed
            """)
        #expect(result.text.contains("in/secret.wav may not be read"))
        #expect(result.text.contains("Cannot list in/closed: permission denied"))
        #expect(
            result.text.contains("mixed 1") && result.text.contains("alone 66")
                && result.text.contains("inspect 66"))
        #expect(result.diagnostics.contains("1 converted, 2 failed"))
        #expect(work.exists("out/good.flac"))
    }

    @Test func `waits for nobody at the other end of a pipe that is named`() async throws {
        let work = try Workspace()
        try work.wave("a.wav")
        // A program that waits is ended after a while, with another exit code.
        let result = try await work.bash(
            """
            mkfifo pipe; export VOXKEEP_PBX_PASSWORD=
            timeout 60 "$VOXKEEP" convert a.wav --output out --report pipe; echo $?
            timeout 60 "$VOXKEEP" sync --archive x --pbx-url http://127.0.0.1:1 --username a --timezone UTC \
                --password-file pipe; echo $?
            timeout 60 "$VOXKEEP" convert a.wav --output out --report >(cat > report) > /dev/null; echo $?
            """)
        #expect(result.lines == ["73", "66", "0"], "\(result.text) \(result.diagnostics)")
        for option in ["The report pipe cannot be written", "The password file pipe cannot be read"] {
            #expect(result.diagnostics.contains(option), "\(result.diagnostics)")
        }
    }
}
