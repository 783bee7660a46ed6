import Digests
import TestSupport
import Testing
import Timestamps

struct TimestampQueryTests {
    @Test(
        arguments: [
            (0, "0x0"), (1, "0x01"), (0x7F, "0x7F"), (0x80, "0x80"), (0x1_0000, "0x010000"),
            (0x8000_0000_0000_0000, "0x8000000000000000"), (.max, "0xFFFFFFFFFFFFFFFF"),
        ] as [(UInt64, String)])
    func `is what openssl reads`(nonce: UInt64, printed: String) async throws {
        let folder = try ScratchFolder()
        let digest = SHA256Hasher.digest(of: Array("stamped".utf8))
        let path = try folder.write(TimestampQuery(digest: digest, nonce: nonce).bytes, to: "query")
        let result = try await Tool("openssl").run(["ts", "-query", "-in", path, "-text"])
        #expect(result.status == 0, "\(result.diagnostics)")
        let lines = result.lines
        #expect(lines.contains("Version: 1"))
        #expect(lines.contains("Hash Algorithm: sha256"))
        #expect(lines.contains("Nonce: \(printed)"))
        #expect(lines.contains("Certificate required: yes"))
        #expect(lines.contains("Policy OID: unspecified"))
        let dump = lines.filter { $0.hasPrefix("    00") }.joined().split(separator: " - ").dropFirst()
        let digits = dump.map { $0.prefix(47).filter(\.isHexDigit) }.joined()
        #expect(digits == digest.hexadecimal)
    }

    @Test func `is what openssl makes of the same digest and nonce`() async throws {
        let folder = try ScratchFolder()
        let digest = SHA256Hasher.digest(of: Array("stamped".utf8))
        _ = try await Tool("openssl").run([
            "ts", "-query", "-digest", digest.hexadecimal, "-sha256", "-cert", "-out", folder("query"),
        ])
        let text = try await Tool("openssl").run(["ts", "-query", "-in", folder("query"), "-text"])
        let line = try #require(text.lines.first { $0.hasPrefix("Nonce: 0x") })
        let nonce = try #require(UInt64(line.dropFirst(9), radix: 16))
        #expect(TimestampQuery(digest: digest, nonce: nonce).bytes == folder.bytes("query"))
    }
}
