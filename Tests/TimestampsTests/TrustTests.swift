import Foundation
import TestSupport
import Testing
import Timestamps

/// Whose certificates are good enough.
struct TrustTests {
    private static func expectUntrusted(
        _ answer: TimestampAnswer, _ roots: TimestampCertificates
    ) async throws {
        await #expect(
            throws: TimestampError.untrusted(
                authority: "CN=Local time-stamp authority", time: answer.info.time.text)
        ) { try await answer.verify(trusting: roots) }
    }

    @Test func `is an authority under a given root, not one that only has its name`() async throws {
        let authority = try await LocalTimestampAuthority()
        let impostor = try await LocalTimestampAuthority()
        let answer = try TimestampAnswer(await impostor.answer(Stamped.query.bytes))
        try await Self.expectUntrusted(answer, authority.roots)
        let both = try TimestampCertificates(pem: authority.root + impostor.root)
        #expect(try await answer.verify(trusting: both).trust == .root("CN=Local root"))
    }

    @Test func `reaches the root over an authority that the answer brings`() async throws {
        let authority = try await LocalTimestampAuthority { $0.hasIntermediate = true }
        let bytes = try await authority.answer(Stamped.query.bytes)
        _ = try await TimestampAnswer(bytes).verify(trusting: authority.roots)
        try authority.folder.write([], to: "chain.pem")
        let alone = try TimestampAnswer(await authority.answer(Stamped.query.bytes))
        try await Self.expectUntrusted(alone, authority.roots)
        let between = try TimestampCertificates(pem: #require(authority.folder.text("intermediate.pem")))
        _ = try await alone.verify(Stamped.digest, trusting: authority.roots, completedBy: between)
    }

    @Test(arguments: [
        "extendedKeyUsage = serverAuth", "2.5.29.54 = critical,DER:020100",
        "nameConstraints = critical,permitted;dirName:other\n[other]\nCN = Somebody else",
    ])
    func `ends at an authority that may not vouch for time stamps`(line: String) async throws {
        let authority = try await LocalTimestampAuthority {
            $0.hasIntermediate = true
            $0.intermediateExtension = line
        }
        let answer = try TimestampAnswer(await authority.answer(Stamped.query.bytes))
        try await Self.expectUntrusted(answer, authority.roots)
        _ = try await answer.verify(trusting: nil)
    }

    @Test func `does not rest on SHA-1`() async throws {
        let authority = try await LocalTimestampAuthority {
            $0.issuerKey = .rsa
            $0.issuerDigest = "sha1"
        }
        let answer = try TimestampAnswer(await authority.answer(Stamped.query.bytes))
        try await Self.expectUntrusted(answer, authority.roots)
        _ = try await answer.verify(trusting: nil)
    }

    @Test(arguments: ["extendedKeyUsage = timeStamping", "extendedKeyUsage = anyExtendedKeyUsage"])
    func `includes an authority that is meant for time stamps`(line: String) async throws {
        let authority = try await LocalTimestampAuthority {
            $0.hasIntermediate = true
            $0.intermediateExtension = line
        }
        _ = try await TimestampAnswer(authority.answer(Stamped.query.bytes)).verify(trusting: authority.roots)
    }

    @Test func `needs every certificate to be valid at the time of the stamp`() async throws {
        let expired = try await LocalTimestampAuthority { $0.signerEnd = "20200201000000Z" }
        let answer = try TimestampAnswer(await expired.answer(Stamped.query.bytes))
        for roots in [nil, try expired.roots] {
            await #expect(
                throws: TimestampError.outsideValidity(
                    authority: "CN=Local time-stamp authority", time: answer.info.time.text)
            ) { try await answer.verify(trusting: roots) }
        }
        let broken = try await LocalTimestampAuthority {
            $0.hasIntermediate = true
            $0.intermediateEnd = "20200201000000Z"
        }
        let second = try TimestampAnswer(await broken.answer(Stamped.query.bytes))
        try await Self.expectUntrusted(second, broken.roots)
    }

    @Test(arguments: ["timeStamping", "critical,timeStamping,serverAuth", "critical,codeSigning", ""])
    func `needs a key that is for time stamps alone`(usage: String) async throws {
        let authority = try await LocalTimestampAuthority { $0.signerUsage = usage }
        let answer = try TimestampAnswer(await authority.token())
        await #expect(throws: TimestampError.wrongPurpose(authority: "CN=Local time-stamp authority")) {
            try await answer.verify(Stamped.digest, trusting: authority.roots)
        }
    }

    @Test(arguments: [("critical,nonRepudiation", true), ("critical,keyAgreement", false)])
    func `needs a key that may sign`(usage: String, isAccepted: Bool) async throws {
        let authority = try await LocalTimestampAuthority { $0.signerKeyUsage = usage }
        let answer = try TimestampAnswer(await authority.token())
        if isAccepted {
            _ = try await answer.verify(Stamped.digest, trusting: authority.roots)
        } else {
            await #expect(throws: TimestampError.wrongPurpose(authority: "CN=Local time-stamp authority")) {
                try await answer.verify(Stamped.digest, trusting: authority.roots)
            }
        }
    }

    @Test func `is given as certificates in PEM`() async throws {
        let root = try await LocalTimestampAuthority().root
        #expect(try TimestampCertificates(pem: "# A comment\n\(root)\nBetween\n\(root)").count == 2)
        #expect(throws: TimestampError.unreadableCertificates(index: 1)) {
            try TimestampCertificates(pem: "")
        }
        #expect(throws: TimestampError.unreadableCertificates(index: 2)) {
            try TimestampCertificates(pem: root + root.replacing("MII", with: "AII"))
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/etc/ssl/certs/ca-certificates.crt")))
    func `can be all authorities of the system`() throws {
        let text = try String(contentsOfFile: "/etc/ssl/certs/ca-certificates.crt", encoding: .utf8)
        let count = text.split(separator: "\n").count { $0 == "-----BEGIN CERTIFICATE-----" }
        #expect(try TimestampCertificates(pem: text).count == count)
    }
}
