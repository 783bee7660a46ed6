import Digests
import Testing

struct MD5Tests {
    @Test(
        "agrees with the test suite of RFC 1321 §A.5",
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "d174ab98d277d9f5a5611c2c9f419d9f"
            ),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ])
    func publishedExamples(text: String, digest: String) {
        #expect(MD5.hexadecimal(of: text) == digest)
    }

    @Test func `hashes the UTF-8 bytes of a password beyond ASCII`() {
        // printf 'pässwört' | md5sum
        #expect(MD5.hexadecimal(of: "pässwört") == "e1f27045646954e224f9f4045c8d6aed")
    }
}
