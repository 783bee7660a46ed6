/// How bad a finding is for the audio.
public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Worth knowing; nothing is wrong.
    case note
    /// The file breaks a rule, yet its audio is certain and complete.
    case warning
    /// Audio is missing, doubtful or not delimited.
    case error
    /// Nothing can be decoded.
    case fatal

    /// Orders by gravity.
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        case .fatal: 3
        }
    }
}

/// What becomes of a file, by the worst of its findings.
public enum Verdict: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Nothing worse than a note.
    case valid
    /// The header is wrong; the audio is certain and complete.
    case flawed
    /// Some audio is missing, doubtful or undelimited; all that is there can be decoded.
    case salvaged
    /// No audio can be decoded.
    case rejected

    /// Draws the verdict from the worst severity found; nil for a file without findings.
    public init(worst severity: Severity?) {
        self =
            switch severity {
            case nil, .note: .valid
            case .warning: .flawed
            case .error: .salvaged
            case .fatal: .rejected
            }
    }

    /// Orders by gravity.
    public static func < (left: Verdict, right: Verdict) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .valid: 0
        case .flawed: 1
        case .salvaged: 2
        case .rejected: 3
        }
    }
}
