internal import SwiftASN1

/// What a time-stamp authority answered: who signed is not known until `verify` has returned.
package struct TimestampAnswer: Sendable {
    /// The media type of an answer over HTTP (RFC 3161 §3.4).
    package static let mediaType = "application/timestamp-reply"

    /// The most bytes that are read; answers have about 6,000.
    package static let largestByteCount = 1 << 20

    /// What is signed.
    package let info: TimestampInfo

    let token: TimestampToken

    /// Reads a TimeStampResp, or a TimeStampToken alone, without checking any signature.
    ///
    /// - Parameter bytes: The answer in DER.
    /// - Throws: `TimestampError`, among them `refused` where the authority does not give a time stamp.
    package init(_ bytes: [UInt8]) throws(TimestampError) {
        guard bytes.count <= Self.largestByteCount else { throw .tooLarge(byteCount: bytes.count) }
        do {
            token = try TimestampToken(derEncoded: try Self.token(in: try DER.parse(bytes)))
            info = try TimestampInfo(derEncoded: token.content)
        } catch let error as TimestampError {
            throw error
        } catch {
            throw .malformed(reason: "it is not in the form of RFC 3161")
        }
    }

    private static func token(in node: ASN1Node) throws -> ASN1Node {
        // A token begins with the kind of its content, a response with a status.
        guard try node.elements.first?.identifier == .sequence else { return node }
        return try DER.sequence(node, identifier: .sequence) { nodes in
            let status = try AnswerStatus(derEncoded: &nodes)
            let token = nodes.next()
            guard status.isGranted else {
                throw TimestampError.refused(status: status.code, reason: status.text)
            }
            guard let token else { throw TimestampError.malformed(reason: "it has no time stamp in it") }
            return token
        }
    }
}
