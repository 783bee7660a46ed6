/// A JSON value with one way to be written: the JSON Canonicalization Scheme of RFC 8785.
///
/// Entries are hashed as bytes, so whoever writes the same facts must write the same bytes. The kinds of value are
/// those that entries need.
public enum CanonicalJSON: Sendable, Hashable {
    /// The numbers that every reader of JSON gives back unchanged (RFC 7493 §2.2): up to 2^53 - 1 either way.
    public static let integers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

    /// Nothing.
    case null
    /// A text, written as it is: RFC 8785 does not normalize.
    case string(String)
    /// A whole number within `integers`.
    case integer(Int64)
    /// Named values, in whatever order; no name twice.
    case object([Member])

    /// A named value of an object.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String

        /// The value.
        public let value: CanonicalJSON

        /// Makes a member from its parts.
        public init(_ name: String, _ value: CanonicalJSON) {
            self.name = name
            self.value = value
        }
    }

    /// Why a value cannot be written.
    public enum Failure: Error, Sendable, Hashable {
        /// A number beyond `CanonicalJSON.integers`.
        case integerOutOfRange(Int64)
        /// An object has two members of one name.
        case duplicateName(String)
    }

    /// The value as bytes: one line without spaces, members sorted by the UTF-16 code units of their names.
    ///
    /// - Returns: UTF-8, without a line feed at the end.
    /// - Throws: `Failure`.
    public func encoded() throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        try encode(into: &output)
        return output
    }

    private func encode(into output: inout [UInt8]) throws(Failure) {
        switch self {
        case .null:
            output += "null".utf8
        case .string(let text):
            Self.encode(text, into: &output)
        case .integer(let number):
            guard Self.integers.contains(number) else { throw .integerOutOfRange(number) }
            output += String(number).utf8
        case .object(let members):
            // Strings are equal in Swift where they only look alike, so names are told apart by their code units.
            let sorted = members.map { (units: Array($0.name.utf16), member: $0) }
                .sorted { $0.units.lexicographicallyPrecedes($1.units) }
            output.append(UInt8(ascii: "{"))
            for (index, (units, member)) in sorted.enumerated() {
                if index > 0 {
                    guard units != sorted[index - 1].units else { throw .duplicateName(member.name) }
                    output.append(UInt8(ascii: ","))
                }
                Self.encode(member.name, into: &output)
                output.append(UInt8(ascii: ":"))
                try member.value.encode(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Writes a string as ECMAScript's `JSON.stringify` does: escapes only where they must be, the short ones first.
    private static func encode(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output += "\\\"".utf8
            case UInt8(ascii: "\\"): output += "\\\\".utf8
            case 0x08: output += "\\b".utf8
            case 0x09: output += "\\t".utf8
            case 0x0A: output += "\\n".utf8
            case 0x0C: output += "\\f".utf8
            case 0x0D: output += "\\r".utf8
            case 0..<0x20: output += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}

extension CanonicalJSON: ExpressibleByStringLiteral {
    /// A text.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension CanonicalJSON: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension CanonicalJSON: ExpressibleByNilLiteral {
    /// Nothing.
    public init(nilLiteral: ()) {
        self = .null
    }
}

extension CanonicalJSON: ExpressibleByDictionaryLiteral {
    /// An object.
    public init(dictionaryLiteral elements: (String, CanonicalJSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension CanonicalJSON.Failure: CustomStringConvertible {
    /// One sentence that names the value and says what to do.
    public var description: String {
        switch self {
        case .integerOutOfRange(let number):
            "the number \(number) does not survive every reader of JSON; write it as a text"
        case .duplicateName(let name):
            "an entry has two members named \(name); give each its own name"
        }
    }
}
