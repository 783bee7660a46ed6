internal import Foundation

/// The parameters in the JSON body of a request, numbers as the text that stands for them.
struct RequestFields: Sendable {
    private let values: [String: String]

    /// Takes parameters that are text already, those of a query string.
    init(_ values: [String: String] = [:]) {
        self.values = values
    }

    /// Reads a JSON object; a nested value counts as absent.
    ///
    /// Throws `jsonOnly` or `xmlNotSupported` for what is no JSON object.
    init(json bytes: [UInt8], tolerating tolerance: Tolerance) throws(PBXErrno) {
        if bytes.first(where: { !Self.isSpace($0) }) == UInt8(ascii: "<") { throw .xmlNotSupported }
        guard let text = Self.mended(bytes, tolerance),
            let object = try? JSONDecoder().decode([String: Scalar].self, from: Data(text))
        else { throw .jsonOnly }
        values = object.compactMapValues(\.text)
    }

    /// The value of a parameter as sent, nil where it is absent.
    subscript(name: String) -> String? { values[name] }

    /// The value of a parameter that must be there and not be blank.
    func required(_ name: String) throws(PBXErrno) -> String {
        guard let value = values[name], !value.allSatisfy(\.isWhitespace) else { throw .parameterEmpty }
        return value
    }

    /// The parameters that are no secret, for the request log.
    var withoutSecrets: [String: String] {
        values.filter { !["token", "random", "password", "refreshtoken", "username"].contains($0.key) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    /// Turns the almost-JSON of the vendor's own examples into JSON as far as it is tolerated.
    ///
    /// Commas before a closing bracket are dropped, keys without quotation marks get them. A comma that is
    /// not tolerated gives nil, since Foundation's decoder would let it pass.
    private static func mended(_ bytes: [UInt8], _ tolerance: Tolerance) -> [UInt8]? {
        var result: [UInt8] = []
        var isInString = false
        var isEscaped = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: ",") {
                let next = bytes[(index + 1)...].first { !isSpace($0) }
                if next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
                    guard tolerance.contains(.trailingCommas) else { return nil }
                    index += 1
                    continue
                }
            } else if isLetter(byte), tolerance.contains(.bareKeys) {
                let end = bytes[index...].firstIndex { !isLetter($0) } ?? bytes.count
                let isKey = bytes[end...].first { !isSpace($0) } == UInt8(ascii: ":")
                let word = Array(bytes[index..<end])
                result += isKey ? [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")] : word
                index = end
                continue
            }
            result.append(byte)
            index += 1
        }
        return result
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
}

/// A JSON value of which only text, numbers and truth values matter.
private struct Scalar: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else if let number = try? container.decode(Int.self) {
            text = String(number)
        } else if let flag = try? container.decode(Bool.self) {
            text = String(flag)
        } else {
            text = nil
        }
    }
}
