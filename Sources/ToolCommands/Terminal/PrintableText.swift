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
        count > width
            ? String(prefix(max(0, width - 1))) + "…" : self + String(repeating: " ", count: width - count)
    }
}

extension String {
    /// The text in lines of at most a width, broken between words; a word longer than that has a line to itself.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
