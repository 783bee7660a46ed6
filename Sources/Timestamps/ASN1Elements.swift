internal import SwiftASN1

extension ASN1NodeCollection.Iterator {
    /// The next element where it has this tag; where it has another, it stays the next.
    mutating func next(_ identifier: ASN1Identifier) -> ASN1Node? {
        var rest = self
        guard let node = rest.next(), node.identifier == identifier else { return nil }
        self = rest
        return node
    }

    /// The next element, which has to be there.
    mutating func required() throws -> ASN1Node {
        guard let node = next() else { throw ASN1Error.invalidASN1Object(reason: "an element is missing") }
        return node
    }
}

extension ASN1Node {
    /// The elements inside, whatever their order; an error where there can be none.
    var elements: [ASN1Node] {
        get throws {
            guard case .constructed(let nodes) = content else {
                throw ASN1Error.unexpectedFieldType(identifier)
            }
            return Array(nodes)
        }
    }

    /// The one element inside, as an explicit tag has it.
    var onlyElement: ASN1Node {
        get throws {
            let elements = try elements
            guard elements.count == 1 else { throw ASN1Error.unexpectedFieldType(identifier) }
            return elements[0]
        }
    }
}
