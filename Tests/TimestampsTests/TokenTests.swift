import Digests
import TestSupport
import Testing
import Timestamps

/// Tokens that are signed otherwise than `openssl ts` does it.
struct TokenTests {
    private static let name = "CN=Local time-stamp authority"

    @Test func `may name its signer by the key, and its certificate by SHA-1`() async throws {
        let authority = try await LocalTimestampAuthority { $0.certificateHash = "sha1" }
        _ = try await TimestampAnswer(authority.answer(Stamped.query.bytes)).verify(trusting: authority.roots)
        let token = try await authority.token(["-cades", "-keyid"])
        _ = try await TimestampAnswer(token).verify(Stamped.digest, trusting: authority.roots)
    }

    @Test(arguments: [
        ["-cades", "-md", "sha1"], ["-cades", "-keyopt", "rsa_padding_mode:pss"],
    ])
    func `needs an algorithm that is supported`(arguments: [String]) async throws {
        let authority = try await LocalTimestampAuthority { $0.key = .rsa }
        let token = try await authority.token(arguments)
        let error = #expect(throws: TimestampError.self) { try TimestampAnswer(token) }
        guard case .unsupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        (["-noattr"], "its signer signs no attributes"),
        (["-cades", "-signer", "root.pem", "-inkey", "root.key"], "it has not exactly one signer"),
    ])
    func `is read only in the one form there is`(arguments: [String], reason: String) async throws {
        let token = try await LocalTimestampAuthority().token(arguments)
        #expect(throws: TimestampError.malformed(reason: reason)) { try TimestampAnswer(token) }
    }

    @Test func `is of the type that RFC 3161 names`() async throws {
        let authority = try await LocalTimestampAuthority()
        let content = try await authority.der(CraftedInfo().description)
        let token = try await authority.token(signing: content, type: "1.2.3.4")
        #expect(throws: TimestampError.malformed(reason: "what it signs is not a time stamp")) {
            try TimestampAnswer(token)
        }
    }

    @Test func `has a type that is signed`() async throws {
        let authority = try await LocalTimestampAuthority()
        let content = try await authority.der(CraftedInfo().description)
        var token = try await authority.token(signing: content, type: "1.2.840.113549.1.9.16.1.5")
        // The type stands with the content first, then among what is signed.
        let prefix: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01]
        token[try #require(token.firstRange(of: prefix)).upperBound] = 4
        let answer = try TimestampAnswer(token)
        await #expect(throws: TimestampError.altered) {
            try await answer.verify(Stamped.digest, trusting: authority.roots)
        }
    }

    @Test func `is refused where the signer does not name its certificate`() async throws {
        let authority = try await LocalTimestampAuthority()
        let answer = try TimestampAnswer(await authority.token([]))
        await #expect(
            throws: TimestampError.malformed(reason: "its signer does not name its certificate")
        ) { try await answer.verify(Stamped.digest, trusting: authority.roots) }
    }

    @Test func `is refused with another certificate of the same key`() async throws {
        let authority = try await LocalTimestampAuthority()
        let answer = try TimestampAnswer(await authority.token(["-cades", "-keyid", "-nocerts"]))
        try await authority.recertify("signer", to: "other.pem")
        let other = try TimestampCertificates(pem: #require(authority.folder.text("other.pem")))
        await #expect(throws: TimestampError.otherCertificate(authority: Self.name)) {
            try await answer.verify(Stamped.digest, trusting: authority.roots, completedBy: other)
        }
        let signer = try TimestampCertificates(pem: #require(authority.folder.text("signer.pem")))
        _ = try await answer.verify(Stamped.digest, trusting: authority.roots, completedBy: signer)
    }

    @Test func `brings eight certificates at most`() async throws {
        let authority = try await LocalTimestampAuthority()
        var pem = ""
        for index in 0..<8 {
            let accepted = try await authority.token(with: pem)
            _ = try await TimestampAnswer(accepted).verify(Stamped.digest, trusting: authority.roots)
            try await authority.recertify("signer", to: "\(index).pem")
            pem += authority.folder.text("\(index).pem") ?? ""
        }
        let token = try await authority.token(with: pem)
        #expect(throws: TimestampError.malformed(reason: "it brings more than 8 certificates")) {
            try TimestampAnswer(token)
        }
    }
}

extension LocalTimestampAuthority {
    fileprivate func token(with more: String) async throws -> [UInt8] {
        try folder.write(more.utf8, to: "more.pem")
        return try await token(more.isEmpty ? ["-cades"] : ["-cades", "-certfile", "more.pem"])
    }
}
