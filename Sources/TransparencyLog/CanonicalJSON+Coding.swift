#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension CanonicalJSON: Decodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    /// Decodes any JSON, however it is written.
    ///
    /// A whole number within `integers` becomes an integer, any other number the `Double` nearest to it.
    ///
    /// - Parameter decoder: The place of any value.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let number = try? container.decode(Double.self) {
            self = Self(number)
        } else if let isTrue = try? container.decode(Bool.self) {
            self = .bool(isTrue)
        } else if let object = try? decoder.container(keyedBy: Name.self) {
            self = .object(
                try object.allKeys.map {
                    Member($0.stringValue, try object.decode(CanonicalJSON.self, forKey: $0))
                })
        } else {
            self = .array(try container.decode([CanonicalJSON].self))
        }
    }

    /// A whole number as an integer where it is one within `integers`.
    init(_ number: Double) {
        let whole = Int64(exactly: number).flatMap { Self.integers.contains($0) ? $0 : nil }
        self = whole.map { .integer($0) } ?? .number(number)
    }

    /// Makes the value that `JSONEncoder`, as it is when new, makes of another one.
    ///
    /// - Parameter value: Anything that can be encoded.
    /// - Throws: What its encoding throws; `EncodingError` for a number that is not finite.
    public init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(CanonicalJSON.self, from: JSONEncoder().encode(value))
    }
}

extension CanonicalJSON: Encodable {
    /// Encodes the value into any coder's form of it.
    ///
    /// - Parameter encoder: The place of any value.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        if case .object(let members) = self {
            var object = encoder.container(keyedBy: Name.self)
            for member in members {
                try object.encode(member.value, forKey: Name(stringValue: member.name))
            }
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let isTrue): try container.encode(isTrue)
        case .string(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .array(let values): try container.encode(values)
        case .object: break
        }
    }
}
