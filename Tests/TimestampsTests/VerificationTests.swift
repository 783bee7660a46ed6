import Digests
import Foundation
import TestSupport
import Testing
import Timestamps

/// What openssl's authority signs, and what it takes to accept it.
struct VerificationTests {
    @Test(arguments: LocalTimestampAuthority.Key.allCases, ["sha256", "sha384", "sha512"])
    func `accepts the signatures of RSA and elliptic curves`(
        key: LocalTimestampAuthority.Key, digest: String
    ) async throws {
        let authority = try await LocalTimestampAuthority {
            $0.key = key
            $0.signerDigest = digest
        }
        let answer = try TimestampAnswer(await authority.answer(Stamped.query.bytes))
        let signer = try await answer.verify(trusting: authority.roots)
        #expect(signer.name == "CN=Local time-stamp authority")
        #expect(signer.trust == .root("CN=Local root"))
        let printed = try await authority.openssl([
            "x509", "-in", "signer.pem", "-noout", "-fingerprint", "-sha256",
        ])
        let fingerprint = printed.split(separator: "=").last?.filter(\.isHexDigit)
        #expect(signer.fingerprint.hexadecimal == fingerprint?.lowercased())
        #expect(signer.validUntil == Date(timeIntervalSince1970: 2_524_607_999))
    }

    @Test func `says what openssl prints of an answer`() async throws {
        let authority = try await LocalTimestampAuthority()
        let before = Date()
        let bytes = try await authority.answer(Stamped.query.bytes)
        let after = Date()
        let info = try TimestampAnswer(bytes).info
        #expect(info.imprint == Stamped.digest.bytes)
        #expect(info.imprintAlgorithm == "2.16.840.1.101.3.4.2.1")
        #expect(info.policy == "1.2.3.4.1")
        #expect(info.nonce == [0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10])
        #expect(info.accuracy == .microseconds(1_500_100))
        #expect(info.time.date >= before.addingTimeInterval(-0.001) && info.time.date <= after)
        try authority.folder.write(bytes, to: "answer")
        let printed = try await authority.openssl(["ts", "-reply", "-in", "answer", "-text"])
        #expect(printed.contains("Serial number: 0x\(info.serial.uppercased())\n"))
        let line = try #require(printed.split(separator: "\n").first { $0.hasPrefix("Time stamp: ") })
        let time = try await Tool("date").run([
            "-u", "-d", String(line.dropFirst(12)), "+%Y-%m-%dT%H:%M:%S.%6N",
        ])
        let decimals = info.time.text.dropLast()
        #expect(time.lines.first?.hasPrefix(decimals) == true)
        #expect(info.time.text.hasSuffix("Z"))
    }

    @Test func `leaves the authority open where no root is given, and says so`() async throws {
        let authority = try await LocalTimestampAuthority()
        let answer = try TimestampAnswer(await authority.answer(Stamped.query.bytes))
        let signer = try await answer.verify(trusting: nil)
        #expect(signer.trust == .unchecked)
        #expect(signer.description.contains("not checked"))
    }

    @Test func `refuses another digest and another nonce`() async throws {
        let authority = try await LocalTimestampAuthority()
        let answer = try TimestampAnswer(await authority.answer(Stamped.query.bytes))
        let other = SHA256Hasher.digest(of: [])
        await #expect(throws: TimestampError.otherDigest(expected: other)) {
            try await answer.verify(other, nonce: Stamped.nonce, trusting: authority.roots)
        }
        for nonce in [0, Stamped.nonce + 1, Stamped.nonce >> 8] {
            await #expect(throws: TimestampError.otherNonce) {
                try await answer.verify(Stamped.digest, nonce: nonce, trusting: authority.roots)
            }
        }
        _ = try await answer.verify(Stamped.digest, trusting: authority.roots)
    }

    @Test func `refuses a missing nonce where one was sent`() async throws {
        let authority = try await LocalTimestampAuthority()
        let query = try await authority.output([
            "ts", "-query", "-digest", Stamped.digest.hexadecimal, "-sha256", "-cert", "-no_nonce",
        ])
        let answer = try TimestampAnswer(await authority.answer(query))
        #expect(answer.info.nonce == nil)
        await #expect(throws: TimestampError.otherNonce) {
            try await answer.verify(Stamped.digest, nonce: 0, trusting: authority.roots)
        }
        _ = try await answer.verify(Stamped.digest, trusting: authority.roots)
    }

    @Test func `refuses an imprint that is not SHA-256`() async throws {
        let authority = try await LocalTimestampAuthority()
        try authority.folder.write(Stamped.bytes, to: "data")
        let query = try await authority.output(["ts", "-query", "-data", "data", "-sha512", "-cert"])
        let answer = try TimestampAnswer(await authority.answer(query))
        #expect(answer.info.imprintAlgorithm == "2.16.840.1.101.3.4.2.3")
        await #expect(throws: TimestampError.otherHash(algorithm: "2.16.840.1.101.3.4.2.3")) {
            try await answer.verify(Stamped.digest, trusting: authority.roots)
        }
    }

    @Test func `is told the status and the reason of a refusal`() async throws {
        let authority = try await LocalTimestampAuthority()
        let digest = ["-digest", Stamped.digest.hexadecimal, "-sha256"]
        let policy = try await authority.output(["ts", "-query", "-tspolicy", "1.2.3.4.9"] + digest)
        var refused: [TimestampError] = []
        try authority.folder.write(Stamped.bytes, to: "data")
        let algorithm = try await authority.output(["ts", "-query", "-data", "data", "-sha384"])
        for query in [policy, algorithm] {
            let answer = try await authority.answer(query)
            refused.append(try #require(throws: TimestampError.self) { try TimestampAnswer(answer) })
        }
        #expect(
            refused == [
                .refused(status: 2, reason: "Requested policy is not supported., unacceptedPolicy"),
                .refused(status: 2, reason: "Message digest algorithm is not supported., badAlg"),
            ])
    }

    @Test func `needs the certificate, in the answer or beside it`() async throws {
        let authority = try await LocalTimestampAuthority()
        let query = try await authority.output([
            "ts", "-query", "-digest", Stamped.digest.hexadecimal, "-sha256",
        ])
        let answer = try TimestampAnswer(await authority.answer(query))
        await #expect(throws: TimestampError.certificateMissing) {
            try await answer.verify(Stamped.digest, trusting: authority.roots)
        }
        let signer = try TimestampCertificates(pem: #require(authority.folder.text("signer.pem")))
        _ = try await answer.verify(Stamped.digest, trusting: authority.roots, completedBy: signer)
    }

    @Test func `reads a token without the response around it`() async throws {
        let authority = try await LocalTimestampAuthority()
        try authority.folder.write(try await authority.answer(Stamped.query.bytes), to: "answer")
        let token = try await authority.output(["ts", "-reply", "-in", "answer", "-token_out"])
        _ = try await TimestampAnswer(token).verify(trusting: authority.roots)
    }
}
