/// A misbehavior of the emulator that can be switched on for a number of requests.
///
/// As text: `<action>[-<request>][=<value>][:<count>]`, such as `truncate-download:2`, `error-query=20010` or
/// `slow-download=500:*`. The count is 1 where it is left out and endless for `*`.
public struct EmulatorFault: Sendable, Hashable, CustomStringConvertible {
    /// What goes wrong; the raw value is the name in text.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// The body is cut short of its Content-Length.
        case truncate
        /// Content-Length is smaller than the body.
        case wrongLength = "wrong-length"
        /// The body is empty.
        case empty
        /// The body comes in pieces with pauses.
        case slow
        /// The body goes on far beyond its end.
        case oversize
        /// The connection is closed without an answer.
        case drop
        /// A gateway's HTML page with status 504.
        case gatewayTimeout = "gateway-timeout"
        /// An HTML page with status 200.
        case html
        /// A sentence with status 200, called audio where audio is asked for.
        case busy
        /// A redirection to the HTTPS address.
        case redirect
        /// A failure in JSON with status 200.
        case error
        /// JSON without commas between the objects of a list.
        case missingCommas = "missing-commas"
        /// JSON with commas before closing braces.
        case trailingCommas = "trailing-commas"
        /// JSON without its last brackets.
        case unclosed
        /// Numbers as JSON integers instead of strings.
        case integers
        /// Listed file names that no one should use as a path.
        case hostileNames = "hostile-names"
        /// Someone hears or unhears a message just before, so that names point to other messages.
        case renumber
        /// The audio of another message of the folder, under the right name.
        case wrongMessage = "wrong-message"
        /// The token times out just before.
        case expireToken = "expire-token"
        /// All random strings run out just before.
        case expireRandom = "expire-random"
    }

    /// What goes wrong.
    public let action: Action
    /// Which request it befalls.
    public let endpoint: EmulatorEndpoint
    /// The quantity that the action's summary names, nil for its default.
    public let value: Int?
    /// How many requests it befalls, nil for all from now on.
    public let count: Int?

    /// Makes a fault, by default one that befalls the request that the action is most telling for, once.
    public init(_ action: Action, _ endpoint: EmulatorEndpoint? = nil, value: Int? = nil, count: Int? = 1) {
        self.action = action
        self.endpoint = endpoint ?? action.usualEndpoint
        self.value = value
        self.count = count
    }

    /// Reads a fault from text.
    ///
    /// Throws `EmulatorFaultSyntaxError` where the text is no fault.
    public init(parsing text: String) throws(EmulatorFaultSyntaxError) {
        var rest = text[...]
        var count: Int? = 1
        if let colon = rest.firstIndex(of: ":") {
            let digits = rest[rest.index(after: colon)...]
            count = Int(digits)
            guard digits == "*" || (count ?? 0) > 0 else { throw EmulatorFaultSyntaxError(text: text) }
            rest = rest[..<colon]
        }
        var value: Int?
        if let equals = rest.firstIndex(of: "=") {
            value = Int(rest[rest.index(after: equals)...])
            guard let value, value >= 0 else { throw EmulatorFaultSyntaxError(text: text) }
            rest = rest[..<equals]
        }
        if let action = Action(rawValue: String(rest)) {
            self.init(action, value: value, count: count)
        } else if let hyphen = rest.lastIndex(of: "-"),
            let action = Action(rawValue: String(rest[..<hyphen])),
            let endpoint = EmulatorEndpoint(rawValue: String(rest[rest.index(after: hyphen)...]))
        {
            self.init(action, endpoint, value: value, count: count)
        } else {
            throw EmulatorFaultSyntaxError(text: text)
        }
    }

    /// The fault as text that `init(parsing:)` reads.
    public var description: String {
        var text = "\(action.rawValue)-\(endpoint.rawValue)"
        if let value { text += "=\(value)" }
        if let count { return count == 1 ? text : text + ":\(count)" }
        return text + ":*"
    }
}

extension EmulatorFault.Action {
    /// The request that the action befalls unless another is named.
    public var usualEndpoint: EmulatorEndpoint {
        switch self {
        case .truncate, .wrongLength, .empty, .slow, .oversize, .drop, .gatewayTimeout, .html, .busy, .error,
            .renumber,
            .wrongMessage, .expireToken, .expireRandom:
            .download
        case .missingCommas, .trailingCommas, .unclosed, .integers, .hostileNames: .query
        case .redirect: .login
        }
    }

    /// One line for a list of faults.
    public var summary: String {
        switch self {
        case .truncate: "cut the body after =N bytes (default: half of them)"
        case .wrongLength: "promise =N bytes too few in Content-Length (default: 100)"
        case .empty: "answer with status 200 and no body"
        case .slow: "send the body in 8 pieces over =N ms (default: 2000)"
        case .oversize: "go on with blanks up to =N bytes (default: 67108864)"
        case .drop: "close the connection without an answer"
        case .gatewayTimeout: "answer with status 504 and an HTML page"
        case .html: "answer with status 200 and an HTML page"
        case .busy: "answer with status 200 and a sentence that says so"
        case .redirect: "answer with status 302 and the HTTPS address"
        case .error: "answer with status 200 and errno =N (default: 20010)"
        case .missingCommas: "leave out the commas between the objects of a list"
        case .trailingCommas: "write a comma before each closing brace"
        case .unclosed: "leave out the last brackets"
        case .integers: "write numbers as JSON integers"
        case .hostileNames: "list files as ../../etc/x, with NUL, with a newline"
        case .renumber: "hear (or unhear) the first message just before"
        case .wrongMessage: "send the audio of another message of the folder"
        case .expireToken: "let the token time out just before"
        case .expireRandom: "let all random strings run out just before"
        }
    }
}

/// A text that names no fault.
public struct EmulatorFaultSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text that was given.
    public let text: String

    /// Says what was given and what would do.
    public var description: String {
        "“\(text)” is no fault: write <action>[-<request>][=<value>][:<count>], where the action is one of "
            + EmulatorFault.Action.allCases.map(\.rawValue).joined(separator: ", ")
            + " and the request one of "
            + EmulatorEndpoint.allCases.map(\.rawValue).joined(separator: ", ") + "."
    }
}
