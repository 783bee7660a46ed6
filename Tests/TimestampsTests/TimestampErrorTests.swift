import Testing
import Timestamps

struct TimestampErrorTests {
    @Test(arguments: [
        TimestampError.tooLarge(byteCount: 2_000_000), .malformed(reason: "it has no time stamp in it"),
        .refused(status: 2, reason: ""), .refused(status: 2, reason: "badAlg"),
        .unsupported("the signature algorithm 1.2.3"), .otherHash(algorithm: "1.2.3"),
        .otherDigest(expected: Stamped.digest), .otherNonce,
        .certificateMissing, .otherCertificate(authority: "CN=T"), .altered,
        .badSignature(authority: "CN=T"), .wrongPurpose(authority: "CN=T"),
        .outsideValidity(authority: "CN=T", time: "2026-01-27T12:34:56Z"),
        .untrusted(authority: "CN=T", time: "2026-01-27T12:34:56Z"), .unreadableCertificates(index: 3),
    ])
    func `is one sentence that ends in a remedy`(error: TimestampError) {
        let text = error.description
        #expect(text.contains("; "))
        #expect(text.first?.isLowercase == true)
        #expect(text.last?.isPunctuation == false)
        #expect(!text.contains("\n") && !text.contains(". ") && !text.contains("  "))
    }
}
