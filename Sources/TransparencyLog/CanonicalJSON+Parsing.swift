extension CanonicalJSON {
    /// How deep arrays and objects may be nested in what is read.
    private static let deepest = 64

    /// Reads a value from the only bytes that it can be written as; nil for all others.
    ///
    /// - Parameter bytes: What `encoded()` gives. Nested more than 64 deep, it is refused.
    public init?(canonical bytes: [UInt8]) {
        var rest = bytes[...]
        // The parser is lenient where that makes it simple, since only what is written again as it was is taken.
        guard let value = Self.value(&rest, depth: 0), rest.isEmpty,
            let encoded = try? value.encoded(), encoded == bytes
        else { return nil }
        self = value
    }

    private static func value(_ rest: inout ArraySlice<UInt8>, depth: Int) -> CanonicalJSON? {
        guard depth <= deepest else { return nil }
        switch rest.first {
        case UInt8(ascii: "\""): return string(&rest).map { .string($0) }
        case UInt8(ascii: "["): return array(&rest, depth: depth)
        case UInt8(ascii: "{"): return object(&rest, depth: depth)
        case UInt8(ascii: "n"): return take("null", from: &rest) ? .null : nil
        case UInt8(ascii: "t"): return take("true", from: &rest) ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false", from: &rest) ? .bool(false) : nil
        default: return number(&rest)
        }
    }

    private static func array(_ rest: inout ArraySlice<UInt8>, depth: Int) -> CanonicalJSON? {
        guard take("[", from: &rest) else { return nil }
        if take("]", from: &rest) { return .array([]) }
        var values: [CanonicalJSON] = []
        repeat {
            guard let value = value(&rest, depth: depth + 1) else { return nil }
            values.append(value)
        } while take(",", from: &rest)
        return take("]", from: &rest) ? .array(values) : nil
    }

    private static func object(_ rest: inout ArraySlice<UInt8>, depth: Int) -> CanonicalJSON? {
        guard take("{", from: &rest) else { return nil }
        if take("}", from: &rest) { return .object([]) }
        var members: [Member] = []
        repeat {
            guard let name = string(&rest), take(":", from: &rest),
                let value = value(&rest, depth: depth + 1)
            else { return nil }
            members.append(Member(name, value))
        } while take(",", from: &rest)
        return take("}", from: &rest) ? .object(members) : nil
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> CanonicalJSON? {
        let digits = rest.prefix { "+-.0123456789e".utf8.contains($0) }
        rest = rest.dropFirst(digits.count)
        let text = String(decoding: digits, as: UTF8.self)
        if let number = Int64(text), integers.contains(number) { return .integer(number) }
        return Double(text).map { .number($0) }
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard take("\"", from: &rest) else { return nil }
        var text: [UInt8] = []
        while true {
            let plain = rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            text += plain
            rest = rest.dropFirst(plain.count)
            if take("\"", from: &rest) { return String(decoding: text, as: UTF8.self) }
            guard take("\\", from: &rest), let byte = escaped(&rest) else { return nil }
            text.append(byte)
        }
    }

    /// The one byte that a canonical escape stands for: none is needed beyond the control characters.
    private static func escaped(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "u"):
            let digits = rest.prefix(4)
            rest = rest.dropFirst(4)
            return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        default: return nil
        }
    }

    private static func take(_ text: String, from rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }
}
