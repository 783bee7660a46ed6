internal import SwiftASN1

/// Whether an authority has done what it was asked for, and why not (PKIStatusInfo, RFC 3161 §2.4.2).
struct AnswerStatus: DERParseable, Sendable, Hashable {
    /// 0 and 1 stand for a time stamp, everything else for a refusal.
    let code: Int

    /// What the authority says about it; empty where it says nothing.
    let text: String

    var isGranted: Bool { code == 0 || code == 1 }

    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in
            let code = try Int(derEncoded: &nodes)
            var texts: [String] = []
            // A list of texts has one limit for all of them.
            for text in try nodes.next(.sequence)?.elements.prefix(String.printableCharacterCount) ?? [] {
                guard case .primitive(let bytes) = text.content else { continue }
                texts.append(
                    String(decoding: bytes.prefix(4 * String.printableCharacterCount), as: UTF8.self))
            }
            if let node = nodes.next(.bitString) {
                texts += Self.failures(try ASN1BitString(derEncoded: node))
            }
            return AnswerStatus(code: code, text: String(printable: texts.joined(separator: ", ")))
        }
    }

    private init(code: Int, text: String) {
        self.code = code
        self.text = text
    }

    /// The names of PKIFailureInfo, by their bits.
    private static let failureNames: [(bit: Int, name: String)] = [
        (0, "badAlg"), (2, "badRequest"), (5, "badDataFormat"), (14, "timeNotAvailable"),
        (15, "unacceptedPolicy"), (16, "unacceptedExtension"), (17, "addInfoNotAvailable"),
        (25, "systemFailure"),
    ]

    private static func failures(_ bits: ASN1BitString) -> [String] {
        failureNames.filter { bit, _ in
            let byte = bits.bytes.dropFirst(bit / 8).first ?? 0
            return byte & (0x80 >> (bit % 8)) != 0
        }.map(\.name)
    }
}
