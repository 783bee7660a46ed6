internal import ArgumentParser
internal import AuditTrail

/// Checks what a person writes into the audit trail, which keeps it for ever.
enum AuditText {
    /// The most bytes of a reason or a ground.
    static let longestReason = 2000

    /// The most bytes of a case or an actor.
    static let longestName = 200

    /// Checks a reason or a ground: some words on one line.
    static func checkReason(_ text: String, option: String) throws {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("\(option) takes a reason in words; it is empty.")
        }
        guard text.utf8.count <= longestReason else {
            throw ValidationError(
                "\(option) takes at most \(longestReason) bytes, not \(text.utf8.count); say it in short, and refer to a "
                    + "file for the rest.")
        }
        guard !text.unicodeScalars.contains(where: \.breaksLines) else {
            throw ValidationError(
                "\(option) takes one line of text, without line breaks and control characters.")
        }
    }

    /// Checks a case or an actor, which is compared with others: no characters that cannot be seen.
    static func checkName(_ text: String, option: String) throws {
        guard let first = text.first, let last = text.last else {
            throw ValidationError("\(option) takes a name that is not empty.")
        }
        guard text.utf8.count <= longestName else {
            throw ValidationError("\(option) takes at most \(longestName) bytes, not \(text.utf8.count).")
        }
        guard Person(text) != nil else {
            throw ValidationError("\(option) takes a name of which something can be seen.")
        }
        guard !first.isWhitespace, !last.isWhitespace, text == text.printable else {
            throw ValidationError(
                "\(option) takes a name without control and invisible characters, and without spaces at its ends."
            )
        }
    }
}

extension Unicode.Scalar {
    /// Whether it would break a line of text or steer a terminal.
    fileprivate var breaksLines: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
