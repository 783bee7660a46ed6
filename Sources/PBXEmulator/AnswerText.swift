/// How well-formed the JSON of an answer is.
public enum AnswerStyle: String, Sendable, Hashable, CaseIterable {
    /// JSON.
    case valid
    /// No comma between consecutive objects of a list, as the manual prints the answer to a query.
    case missingCommas = "missing-commas"
    /// A comma before each closing brace, as the manual prints the request for a random string.
    case trailingCommas = "trailing-commas"
    /// The last closing brackets are lacking, as in the manual's cloud example.
    case unclosed
}

/// A JSON value whose members keep their order, since the API's answers have one.
indirect enum AnswerValue: Sendable {
    case text(String)
    case object([(name: String, value: AnswerValue)])
    case list([AnswerValue])

    /// The value as text.
    ///
    /// - Parameters:
    ///   - style: Which of the manual's own mistakes to make.
    ///   - integers: Whether text that is the plain form of an integer is written as a number.
    /// - Returns: The text, on one line but for the breaks that stand in for missing commas.
    func rendered(style: AnswerStyle, integers: Bool) -> String {
        var text = ""
        write(to: &text, style: style, integers: integers)
        if style == .unclosed {
            while let last = text.last, "]}".contains(last) { text.removeLast() }
            text.append("}")
        }
        return text
    }

    /// The value as XML, with the names of members as elements; which names the boxes use, no page shows.
    var renderedAsXML: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>\(element)</response>\n"
    }

    private var element: String {
        switch self {
        case .text(let text):
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        case .object(let members): members.map { "<\($0.name)>\($0.value.element)</\($0.name)>" }.joined()
        case .list(let values): values.map { "<item>\($0.element)</item>" }.joined()
        }
    }

    private func write(to output: inout String, style: AnswerStyle, integers: Bool) {
        switch self {
        case .text(let text):
            if integers, let number = Int(text), String(number) == text {
                output += text
            } else {
                Self.quote(text, to: &output)
            }
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { output += "," }
                Self.quote(member.name, to: &output)
                output += ":"
                member.value.write(to: &output, style: style, integers: integers)
            }
            output += style == .trailingCommas && !members.isEmpty ? ",}" : "}"
        case .list(let values):
            output += "["
            for (index, value) in values.enumerated() {
                if index > 0 { output += style == .missingCommas ? "\n" : "," }
                value.write(to: &output, style: style, integers: integers)
            }
            output += "]"
        }
    }

    private static func quote(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
