/// A scalar that the tables call an integer and the examples print as text: both are accepted, and kept as
/// text.
struct LenientText: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else if let integer = try? container.decode(Int64.self) {
            text = String(integer)
        } else if let number = try? container.decode(Double.self) {
            text = String(number)
        } else {
            text = try container.decode(Bool.self) ? "true" : "false"
        }
    }
}

/// What the tables call an object and the examples print as an array: one element or several, or none at all.
struct LenientList<Element: Decodable>: Decodable {
    /// What can be read of each element; nil for one of which nothing can.
    let elements: [Element?]

    init(from decoder: any Decoder) throws {
        if var container = try? decoder.unkeyedContainer() {
            var elements: [Element?] = []
            while !container.isAtEnd {
                elements.append(try container.decode(Optionally.self).element)
            }
            self.elements = elements
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            elements = []
        } else if let text = try? container.decode(String.self), text.isEmpty {
            elements = []
        } else {
            elements = [try? container.decode(Element.self)]
        }
    }

    private struct Optionally: Decodable {
        let element: Element?

        init(from decoder: any Decoder) throws {
            element = try? Element(from: decoder)
        }
    }
}

extension KeyedDecodingContainer {
    /// The text of a scalar; nil where it is absent, null or no scalar.
    func lenientText(_ key: Key) -> String? {
        (try? decodeIfPresent(LenientText.self, forKey: key))?.text
    }
}

extension Sequence where Element: Hashable {
    /// The elements in their order, each where it comes first.
    var withoutRepetitions: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
