extension String {
    /// The most characters of a foreign text that an error or a name holds.
    static let printableCharacterCount = 200

    /// A foreign text without the characters that could command a terminal, and not endlessly long.
    init(printable text: String) {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Self.printableCharacterCount) {
            switch scalar.properties.generalCategory {
            // Format characters turn the direction of writing, so that a text reads as another.
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                scalars.append("?")
            default:
                scalars.append(scalar)
            }
        }
        self.init(scalars)
    }
}
