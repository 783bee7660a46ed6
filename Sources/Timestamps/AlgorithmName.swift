internal import SwiftASN1

/// The object identifier of an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
///
/// Its parameters say nothing for the algorithms that are supported: they are absent, NULL or a curve that the
/// key names, too.
struct AlgorithmName: DERParseable, Sendable, Hashable {
    let identifier: ASN1ObjectIdentifier

    init(derEncoded node: ASN1Node) throws {
        identifier = try DER.sequence(node, identifier: .sequence) { nodes in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
            _ = nodes.next()
            return identifier
        }
    }
}
