/// A request of the API that the emulator knows.
public enum EmulatorEndpoint: String, Sendable, Hashable, CaseIterable {
    /// `login`
    case login
    /// `heartbeat`
    case heartbeat
    /// `token/refresh`
    case refresh
    /// `logout`
    case logout
    /// `voicemail/query`
    case query
    /// `voicemail/get_random`
    case random
    /// `voicemail/download`
    case download

    /// The path behind the version.
    var path: String {
        switch self {
        case .login, .heartbeat, .logout: rawValue
        case .refresh: "token/refresh"
        case .query: "voicemail/query"
        case .random: "voicemail/get_random"
        case .download: "voicemail/download"
        }
    }
}

/// The version in a request's path and the dialect that goes with it.
struct APIVersion: Sendable, Hashable {
    /// The version as written, such as `v1.1.0`.
    let text: String
    private let isSecondGeneration: Bool

    /// Whether `voicemailstatus` has a place in requests and answers: from v1.1 on.
    let hasStatus: Bool

    /// Reads `v` followed by digits and dots, as loosely as clients write it (`v1.10/login` is in use).
    init?(_ text: some StringProtocol) {
        guard text.first == "v" else { return nil }
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard let major = numbers.first, numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        let minor = numbers.count > 1 ? numbers[1] : 0
        self.text = String(text)
        isSecondGeneration = major >= 2
        hasStatus = (major, minor) >= (1, 1)
    }

    /// The name of the parameter that says whose mailbox is meant.
    var extensionField: String { isSecondGeneration ? "number" : "extid" }

    /// The name by which the other generation calls it.
    var otherExtensionField: String { isSecondGeneration ? "extid" : "number" }

    /// Whether a login has to name the port for reports.
    var requiresPort: Bool { !isSecondGeneration }

    /// Whether a query has to say whose mailboxes it wants, `all` included.
    var requiresQueryExtension: Bool { isSecondGeneration }

    /// Whether a login's answer says how events are delivered.
    var answersTransport: Bool { isSecondGeneration }
}

/// What a path below `/api/` asks for.
struct APIRoute: Sendable, Hashable {
    /// nil where the version cannot be read.
    let version: APIVersion?
    /// nil for a request that the API does not have.
    let endpoint: EmulatorEndpoint?

    /// Reads `/api/<version>/<request>`; nil for a path outside the API.
    init?(path: String) {
        guard path.hasPrefix("/api/") else { return nil }
        let parts = path.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        version = parts.first.flatMap { APIVersion($0) }
        var name = parts.count > 1 ? parts[1] : ""
        if name.hasSuffix("/") { name = name.dropLast() }
        endpoint = version == nil ? nil : EmulatorEndpoint.allCases.first { $0.path == name }
    }
}
