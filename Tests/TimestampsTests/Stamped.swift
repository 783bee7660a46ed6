import Digests
import TestSupport
import Testing
import Timestamps

/// A digest, with what an authority makes of it.
enum Stamped {
    static let bytes = Array("what was there before".utf8)
    static let digest = SHA256Hasher.digest(of: bytes)
    static let nonce: UInt64 = 0xFEDC_BA98_7654_3210
    static let query = TimestampQuery(digest: digest, nonce: nonce)
}

extension LocalTimestampAuthority {
    /// An authority with changed settings.
    init(changing change: (inout Settings) -> Void) async throws {
        try await self.init(Settings(change))
    }

    /// The authority's root, as a client is given it.
    var roots: TimestampCertificates {
        get throws { try TimestampCertificates(pem: root) }
    }

    /// The TSTInfo of an answer.
    func content(of answer: [UInt8]) async throws -> [UInt8] {
        try folder.write(answer, to: "answer")
        let token = try await output(["ts", "-reply", "-in", "answer", "-token_out"])
        try folder.write(token, to: "token")
        return try await output(["cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "token"])
    }

    /// The token that the signer makes of a TSTInfo that was changed.
    func token(
        _ arguments: [String] = ["-cades"], changing change: (inout [UInt8]) throws -> Void = { _ in }
    ) async throws -> [UInt8] {
        let donor = try await LocalTimestampAuthority()
        var content = try await donor.content(of: donor.answer(Stamped.query.bytes))
        try change(&content)
        return try await token(signing: content, arguments)
    }
}

extension TimestampAnswer {
    /// Verifies what `Stamped` has.
    func verify(trusting roots: TimestampCertificates?) async throws(TimestampError) -> TimestampAuthority {
        try await verify(Stamped.digest, nonce: Stamped.nonce, trusting: roots)
    }
}
