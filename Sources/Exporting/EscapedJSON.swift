/// JSON whose texts cannot deceive a person who looks at them.
package enum EscapedJSON {
    /// The same JSON, with characters written as `\uXXXX` that would move a cursor, turn the direction of writing, be seen as
    /// nothing at all, or end a line for some readers.
    ///
    /// - Parameter json: JSON, in which none of them can be but within a text.
    /// - Returns: JSON that says the same.
    package static func text(_ json: String) -> String {
        // What is plain ASCII has none but those that JSON escapes anyway, and DEL.
        guard json.utf8.contains(where: { $0 >= 0x7F }) else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar.value >= 0x7F, .format, .lineSeparator, .paragraphSeparator:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
