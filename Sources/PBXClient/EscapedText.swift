/// Text from the PBX made fit to stand in a sentence: on one line, of bounded length, and unable to steer a
/// terminal.
enum EscapedText {
    /// The text with every control and formatting character escaped, cut after so many characters.
    ///
    /// Bidirectional overrides are among the formatting characters: they would let a file name rearrange the
    /// sentence around it.
    static func of(_ text: some StringProtocol, limit: Int = 80) -> String {
        var escaped = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return escaped + "…" }
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\\": escaped += "\\\\"
            default:
                if isPrintable(scalar) {
                    escaped.unicodeScalars.append(scalar)
                } else {
                    escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
                }
            }
            count += 1
        }
        return escaped
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            false
        default: true
        }
    }
}
