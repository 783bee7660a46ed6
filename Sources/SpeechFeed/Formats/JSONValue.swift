#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What stands in a manifest of JSON objects; the objects have other members from corpus to corpus.
enum JSONValue: Encodable, Hashable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case list([JSONValue])
    case object([String: JSONValue])

    /// The value, or for a number that is whole the one next to it.
    ///
    /// JSON would have `1` for 1.0, and readers that guess the types of columns take that for an integer, and
    /// then refuse or cut off what comes later.
    var fractional: JSONValue {
        guard case .number(let number) = self, number == number.rounded() else { return self }
        return .number(number.nextUp)
    }

    /// The value as UTF-8 without line breaks, with members in the order of their names.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// The value on a line of its own.
    func line() throws -> [UInt8] { try encoded() + [0x0A] }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let members): try container.encode(members)
        }
    }
}
