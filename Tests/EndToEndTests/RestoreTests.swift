import Digests
import Foundation
import TestSupport
import Testing

@Suite struct RestoreTests {
    private let work: Workspace
    private let source: [UInt8]

    init() throws {
        work = try Workspace()
        source = try work.wave("in/message.wav")
    }

    /// Makes flac/message.flac.
    private func convert() async throws {
        #expect(try await work.voxkeep("convert", "in", "--output", "flac").status == 0)
    }

    @Test func `gives the original back under its own name`() async throws {
        try await convert()
        let result = try await work.voxkeep("restore", "flac/message.flac")
        #expect(result.status == 0)
        #expect(
            result.text.contains("message.wav")
                && result.text.contains(SHA256Hasher.digest(of: source).hexadecimal))
        #expect(try work.bytes("message.wav") == source)
        #expect(work.leavings.isEmpty)
    }

    @Test(arguments: ["../../escaped", "/tmp/escaped", "a\nb", ".hidden", "..", ""])
    func `takes no path from a tag`(name: String) async throws {
        try await convert()
        let tagged = try await Tool("metaflac").run(
            [
                "--remove-tag=SOURCE_NAME", "--set-tag=SOURCE_NAME=\(name)",
                work.scratch.path("flac/message.flac"),
            ])
        #expect(tagged.status == 0, "\(tagged.diagnostics)")
        #expect(try await work.voxkeep("restore", "flac/message.flac").status == 0)
        let expected = name.hasSuffix("escaped") ? "escaped" : "message.wav"
        #expect(try work.bytes(expected) == source)
        #expect(work.scratch.files() == [expected, "flac/message.flac", "in/message.wav"].sorted())
    }

    @Test func `leaves an original that is there alone, refuses what differs, replaces it when told to`()
        async throws
    {
        try await convert()
        try work.scratch.write("something else".utf8, to: "out.wav")
        let refused = try await work.voxkeep("restore", "flac/message.flac", "--output", "out.wav")
        #expect(refused.status == 73)
        #expect(refused.diagnostics.contains("out.wav exists and differs"))
        #expect(try work.bytes("out.wav") == Array("something else".utf8))
        #expect(
            try await work.voxkeep("restore", "flac/message.flac", "-o", "out.wav", "--force").status == 0)
        #expect(try work.bytes("out.wav") == source)
        let again = try await work.voxkeep("restore", "flac/message.flac", "--output", "out.wav")
        #expect(again.status == 0)
        #expect(again.text.contains("was there already"))
    }

    @Test func `prints a row of JSON`() async throws {
        try await convert()
        let result = try await work.voxkeep("restore", "flac/message.flac", "--output", "a/b.wav", "--json")
        let row = try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
        #expect(row["file"] as? String == "flac/message.flac")
        #expect(row["output"] as? String == "a/b.wav")
        #expect(row["size"] as? Int == source.count)
        #expect(row["sha256"] as? String == SHA256Hasher.digest(of: source).hexadecimal)
        #expect(row["unchanged"] as? Bool == false)
    }

    @Test(
        arguments: [
            ("restore absent.flac", 66, "absent.flac does not exist"),
            ("restore in", 66, "in is a folder"),
            ("restore fifo", 66, "fifo is a pipe"),
            ("restore ''", 64, "name is empty"),
            ("restore in/message.wav", 1, "in/message.wav is no FLAC file"),
            ("restore empty.flac", 1, "empty.flac is no FLAC file"),
            ("restore foreign.flac", 1, "foreign.flac: The FLAC file was not made by voxkeep"),
            ("restore cut.flac", 1, "cut.flac: The FLAC "),
            ("restore flipped.flac", 1, "flipped.flac: The FLAC file is damaged at byte"),
            ("restore flipped.flac --output -", 1, "flipped.flac: The FLAC file is damaged at byte"),
            ("restore flac/message.flac --output ''", 64, "not an empty name"),
            ("restore flac/message.flac --output - --json", 64, "both write to standard output"),
            ("restore flac/message.flac --output in/message.wav/x", 73, "a part of the path is a file"),
            ("restore flac/message.flac --output in --force", 73, "in exists and is no regular file"),
            ("restore flac/message.flac --output fifo --force", 73, "fifo exists and is no regular file"),
            (
                "restore flac/message.flac --output flac/message.flac --force", 73,
                "flac/message.flac is the input itself"
            ),
            (
                "restore flac/message.flac --output - | true; (exit ${PIPESTATUS[0]})", 73,
                "went away before all was written"
            ),
            ("restore flac/message.flac --output - > /dev/full", 73, "the disk it goes to is full"),
            ("restore flac/message.flac --output - >&-", 73, "Standard output is closed"),
        ] as [(String, Int32, String)])
    func `refuses what it cannot do in one sentence, and writes nothing`(
        command: String, status: Int32, sentence: String
    ) async throws {
        try await convert()
        let set = try await work.bash(
            """
            mkfifo fifo; : > empty.flac; flac --silent in/message.wav -o foreign.flac
            head -c 3000 flac/message.flac > cut.flac
            { head -c 3000 flac/message.flac; printf '\\125\\252'; tail -c +3003 flac/message.flac; } > flipped.flac
            """)
        #expect(set.status == 0, "\(set.diagnostics)")
        let before = work.scratch.files()
        let result = try await work.bash("\"$VOXKEEP\" \(command)")
        #expect(result.status == status)
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
        #expect(result.output.isEmpty)
        #expect(work.scratch.files() == before)
        #expect(try work.bytes("in/message.wav") == source)
    }
}
