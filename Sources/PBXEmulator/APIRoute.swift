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
    /// `deviceinfo/query`
    case device
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
        case .device: "deviceinfo/query"
        case .query: "voicemail/query"
        case .random: "voicemail/get_random"
        case .download: "voicemail/download"
        }
    }
}

/// Whose form of the API an emulator speaks; the raw value is the name in options.
public enum EmulatedFamily: String, Sendable, Hashable, CaseIterable {
    /// OpenVox's UC series, in the spellings v0.0.1 and v1.1.0.
    case openVox = "openvox"
    /// v1 of Yeastar's S-Series and K2, and what came before it.
    case yeastarV1 = "yeastar-v1"
    /// v2 of the same.
    case yeastarV2 = "yeastar-v2"
}

/// The version in a request's path and the dialect that goes with it.
struct APIVersion: Sendable, Hashable {
    /// The version as written, such as `v1.1.0`.
    let text: String
    /// Whose dialect the box speaks under this version.
    let family: EmulatedFamily
    private let isOld: Bool

    /// Whether `voicemailstatus` has to be in requests and is in their answers: with Yeastar from v1.1 on.
    var hasStatus: Bool { family != .openVox && !isOld }

    /// Reads `v` followed by digits and dots, as loosely as clients write it (`v1.10/login` is in use).
    ///
    /// - Returns: nil where that is no version, or none that the families speak.
    init?(_ text: some StringProtocol, spokenBy families: Set<EmulatedFamily>) {
        guard text.first == "v" else { return nil }
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard let major = numbers.first, numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        let minor = numbers.count > 1 ? numbers[1] : 0
        let family: EmulatedFamily =
            major >= 2 ? .yeastarV2 : families.contains(.openVox) ? .openVox : .yeastarV1
        guard families.contains(family) else { return nil }
        self.text = String(text)
        self.family = family
        isOld = (major, minor) < (1, 1)
    }

    /// The name of the parameter that says whose mailbox is meant.
    var extensionField: String { family == .yeastarV2 ? "number" : "extid" }

    /// The name by which the other generation calls it.
    var otherExtensionField: String { family == .yeastarV2 ? "extid" : "number" }

    /// Whether a query has to say whose mailboxes it wants, `all` included.
    var requiresQueryExtension: Bool { family == .yeastarV2 }
}

/// What a path below `/api/` asks for.
struct APIRoute: Sendable, Hashable {
    /// nil where the version cannot be read, or is not spoken.
    let version: APIVersion?
    /// nil for a request that the API does not have.
    let endpoint: EmulatorEndpoint?

    /// Reads `/api/<version>/<request>`; nil for a path outside the API.
    init?(path: String, spokenBy families: Set<EmulatedFamily>) {
        guard path.hasPrefix("/api/") else { return nil }
        let parts = path.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        version = parts.first.flatMap { APIVersion($0, spokenBy: families) }
        var name = parts.count > 1 ? parts[1] : ""
        if name.hasSuffix("/") { name = name.dropLast() }
        endpoint = version == nil ? nil : EmulatorEndpoint.allCases.first { $0.path == name }
    }
}
