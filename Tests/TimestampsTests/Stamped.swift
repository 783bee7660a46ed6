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

    /// The token that the signer makes of what `Stamped` has, by other means than `openssl ts`.
    func token(_ arguments: [String] = ["-cades"], _ info: CraftedInfo = CraftedInfo()) async throws
        -> [UInt8]
    {
        try await token(signing: der(info.description), arguments)
    }

    /// What openssl makes of a description in the language of `ASN1_generate_nconf`.
    func der(_ description: String) async throws -> [UInt8] {
        try folder.write(description.utf8, to: "description")
        return try await output(["asn1parse", "-genconf", "description", "-noout"])
    }
}

/// A TSTInfo that no authority would make, as openssl is told to write it.
struct CraftedInfo: CustomStringConvertible {
    var version = 1
    var serial = "0x01"
    var time = "20260127123456Z"
    /// More lines of the SEQUENCE.
    var lines = ""
    /// More sections.
    var sections = ""

    var description: String {
        """
        asn1 = SEQUENCE:info
        [info]
        version = INTEGER:\(version)
        policy = OID:1.2.3.4.1
        imprint = SEQUENCE:imprint
        serial = INTEGER:\(serial)
        time = IMPLICIT:24U,FORMAT:ASCII,OCTETSTRING:\(time)
        \(lines)
        [imprint]
        algorithm = SEQUENCE:algorithm
        hash = FORMAT:HEX,OCTETSTRING:\(Stamped.digest.hexadecimal)
        [algorithm]
        identifier = OID:2.16.840.1.101.3.4.2.1
        \(sections)

        """
    }
}

extension TimestampAnswer {
    /// Verifies what `Stamped` has.
    func verify(trusting roots: TimestampCertificates?) async throws(TimestampError) -> TimestampAuthority {
        try await verify(Stamped.digest, nonce: Stamped.nonce, trusting: roots)
    }
}
