/// A JSON object whose members stay in the order in which they were added, as the vendor's examples print
/// them.
struct JSONObjectText {
    private var members: [String] = []

    /// Adds a member whose value is a text.
    mutating func add(_ name: String, _ text: String) {
        members.append("\(Self.quoted(name)):\(Self.quoted(text))")
    }

    /// Adds a member whose value is a number, given by its digits.
    mutating func add(_ name: String, digits: String) {
        members.append("\(Self.quoted(name)):\(digits)")
    }

    /// The object's UTF-8 bytes, without white space.
    var bytes: [UInt8] { Array("{\(members.joined(separator: ","))}".utf8) }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
