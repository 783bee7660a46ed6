/// A JSON value with one way to be written: the JSON Canonicalization Scheme of RFC 8785.
///
/// Entries are hashed as bytes, so whoever writes the same facts must write the same bytes.
public enum CanonicalJSON: Sendable, Hashable {
    /// The whole numbers that every reader of JSON gives back unchanged (RFC 7493 §2.2): up to 2^53 - 1 either way.
    public static let integers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

    /// Nothing.
    case null
    /// True or false.
    case bool(Bool)
    /// A text, written as it is: RFC 8785 does not normalize.
    case string(String)
    /// A whole number within `integers`.
    case integer(Int64)
    /// A finite number. A whole one within `integers` is written as the integer is, and read back as one.
    case number(Double)
    /// Values in their order.
    case array([CanonicalJSON])
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
        /// A whole number beyond `CanonicalJSON.integers`.
        case integerOutOfRange(Int64)
        /// A number that is infinite, or none at all.
        case notFinite
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
        case .bool(let isTrue):
            output += (isTrue ? "true" : "false").utf8
        case .string(let text):
            Self.encode(text, into: &output)
        case .integer(let number):
            guard Self.integers.contains(number) else { throw .integerOutOfRange(number) }
            output += String(number).utf8
        case .number(let number):
            guard number.isFinite else { throw .notFinite }
            output += Self.text(of: number).utf8
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                try value.encode(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            try Self.encode(members, into: &output)
        }
    }

    private static func encode(_ members: [Member], into output: inout [UInt8]) throws(Failure) {
        // Strings are equal in Swift where they only look alike, so names are told apart by their code units.
        let sorted = members.map { (units: Array($0.name.utf16), member: $0) }
            .sorted { $0.units.lexicographicallyPrecedes($1.units) }
        output.append(UInt8(ascii: "{"))
        for (index, (units, member)) in sorted.enumerated() {
            if index > 0 {
                guard units != sorted[index - 1].units else { throw .duplicateName(member.name) }
                output.append(UInt8(ascii: ","))
            }
            encode(member.name, into: &output)
            output.append(UInt8(ascii: ":"))
            try member.value.encode(into: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Writes a string as ECMAScript's `JSON.stringify` does: escapes only where they must be, the short ones first.
    private static func encode(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        defer { output.append(UInt8(ascii: "\"")) }
        // Most texts have nothing to escape, and are then taken whole.
        let mayNeedEscapes = text.utf8.contains {
            $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        }
        guard mayNeedEscapes else { return output.append(contentsOf: text.utf8) }
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
    }

    /// A finite number as ECMAScript's `Number::toString` writes it (ECMA-262 §6.1.6.1.20).
    ///
    /// Swift's own description has the same digits, the fewest that give the number back, and sets them otherwise.
    private static func text(of number: Double) -> String {
        let parts = number.magnitude.description.split(separator: "e")
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = decimals.joined()[...]
        // The value is 0.DIGITS times ten to the power of `point`.
        var point = decimals[0].utf8.count + exponent
        while digits.first == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        let count = digits.utf8.count
        guard count > 0 else { return "0" }
        let sign = number < 0 ? "-" : ""
        if count <= point, point <= 21 {
            return sign + digits + String(repeating: "0", count: point - count)
        }
        if 1...21 ~= point { return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))" }
        if -5...0 ~= point { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
        let fraction = count > 1 ? "." + digits.dropFirst() : ""
        return "\(sign)\(digits.prefix(1))\(fraction)e\(point > 0 ? "+" : "-")\((point - 1).magnitude)"
    }
}

extension CanonicalJSON.Failure: CustomStringConvertible {
    /// One sentence that names the value and says what to do.
    public var description: String {
        switch self {
        case .integerOutOfRange(let number):
            "the number \(number) does not survive every reader of JSON; write it as a text"
        case .notFinite:
            "JSON has no number that is infinite or undefined; leave it out, or write it as a text"
        case .duplicateName(let name):
            "an entry has two members named \(name); give each its own name"
        }
    }
}
