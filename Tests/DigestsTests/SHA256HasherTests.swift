import Digests
import Foundation
import Testing

struct SHA256HasherTests {
    @Test(
        "agrees with the published examples",
        arguments: [
            // FIPS 180-4, examples of NIST's Cryptographic Standards and Guidelines.
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func publishedExamples(text: String, digest: String) {
        #expect(SHA256Hasher.digest(of: Array(text.utf8)).hexadecimal == digest)
    }

    @Test func `agrees with the published million of the letter a, in uneven pieces`() {
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 997)
        var hasher = SHA256Hasher()
        var rest = 1_000_000
        while rest > 0 {
            hasher.update(piece.prefix(rest))
            rest -= min(rest, piece.count)
        }
        #expect(
            hasher.finalize().hexadecimal
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 4096, 70_001])
    func `agrees with sha256sum`(byteCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        let file = FileManager.default.temporaryDirectory.appending(path: "voxkeep-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let oracle = Process()
        let output = Pipe()
        oracle.executableURL = URL(filePath: "/usr/bin/env")
        oracle.arguments = ["sha256sum", file.path]
        oracle.standardOutput = output
        try oracle.run()
        let printed = try #require(try output.fileHandleForReading.readToEnd())
        oracle.waitUntilExit()
        #expect(
            SHA256Hasher.digest(of: bytes).hexadecimal == String(decoding: printed.prefix(64), as: UTF8.self))
    }

    @Test func `goes on after a digest was taken, and from a copy`() {
        var hasher = SHA256Hasher()
        hasher.update([1, 2])
        let beginning = hasher.finalize()
        var copy = hasher
        copy.update([3])
        hasher.update([4])
        #expect(beginning == SHA256Hasher.digest(of: [1, 2]))
        #expect(copy.finalize() == SHA256Hasher.digest(of: [1, 2, 3]))
        #expect(hasher.finalize() == SHA256Hasher.digest(of: [1, 2, 4]))
    }
}
