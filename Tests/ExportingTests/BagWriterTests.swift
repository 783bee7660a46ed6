import Digests
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import Exporting

@Suite(.enabled("bagit is not installed; run scripts/test-python") { await Tool.hasPythonPackage("bagit") })
struct BagWriterTests {
    /// What bagit says of a bag.
    private static func validate(_ path: String) async throws -> ToolResult {
        try await Tool.pythonPackages.run(["-m", "bagit", "--validate", path])
    }

    private static func write(_ scratch: ScratchFolder, _ names: [String]) throws {
        var bag = try BagWriter(at: scratch("bag"), operations: FileSystem.posix)
        for name in names { try bag.add(Array(name.utf8), as: name) }
        let file = try bag.begin("dropped")
        try file.write("not in the bag")
        try file.discard()
        try bag.close(info: [("External-Identifier", "x"), ("Bagging-Date", "2026-11-25")])
    }

    @Test func `makes a bag that bagit finds valid`() async throws {
        let scratch = try ScratchFolder()
        try Self.write(scratch, ["a.txt", "b/ü c/d+e.flac", "b/'\"&.txt"])
        let result = try await Self.validate(scratch("bag"))
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(scratch.text("bag/bag-info.txt")?.hasSuffix("Payload-Oxum: 29.3\n") == true)
        #expect(
            scratch.text("bag/bagit.txt") == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        let sums = try await Tool("sha256sum").run(
            ["--check", "--strict", "--quiet", "manifest-sha256.txt"], folder: scratch("bag"))
        #expect(sums.status == 0, "\(sums.text)")
    }

    @Test(arguments: ["data/a.txt", "bag-info.txt", "manifest-sha256.txt"])
    func `lets bagit find a byte that was flipped`(name: String) async throws {
        let scratch = try ScratchFolder()
        try Self.write(scratch, ["a.txt"])
        let url = URL(filePath: scratch("bag/" + name))
        var bytes = try Data(contentsOf: url)
        bytes[0] ^= 1
        try bytes.write(to: url)
        #expect(try await Self.validate(scratch("bag")).status == 1)
    }

    @Test func `encodes line breaks and percent signs of names, and nothing else`() {
        let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let line = BagWriter.line(SHA256Hasher.digest(of: []), "data/a%b\r\nc d\u{E9}")
        #expect(String(decoding: line, as: UTF8.self) == digest + "  data/a%25b%0D%0Ac d\u{E9}\n")
    }
}
