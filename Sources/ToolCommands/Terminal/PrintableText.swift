extension String {
    /// The text with every control character written as an escape.
    ///
    /// A name from a PBX or a file system could otherwise move the cursor, change colors or forge lines.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The text cut to a number of characters, or filled up with spaces to it.
    func fitted(to width: Int) -> String {
        count > width ? String(prefix(max(0, width - 1))) + "…" : self + String(repeating: " ", count: width - count)
    }
}
