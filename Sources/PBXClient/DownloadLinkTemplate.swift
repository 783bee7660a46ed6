/// The form of a download link: a path with the names of its values in braces.
///
/// The names are `{version}`, `{extid}` or `{number}` (both are the extension), `{voicemailstatus}`,
/// `{voicemailfile}`, `{token}` and `{random}`. Values are percent-encoded down to the unreserved characters.
public struct DownloadLinkTemplate: Sendable, Hashable, CustomStringConvertible {
    /// The template as it was written.
    public let description: String

    private enum Part: Sendable, Hashable {
        case literal(String)
        case value(Name)
    }

    private enum Name: String {
        case version, extid, number, voicemailstatus, voicemailfile, token, random
    }

    private let parts: [Part]

    /// The printed form of v0.0.1, as in the sample link of its page: without the status.
    public static let withoutStatus = DownloadLinkTemplate(
        trusted: "/api/{version}/voicemail/download?extid={extid}&token={token}"
            + "&voicemailfile={voicemailfile}&random={random}")

    /// The printed form of v1.1.0.
    public static let withExtensionID = DownloadLinkTemplate(
        trusted:
            "/api/{version}/voicemail/download?extid={extid}&voicemailstatus={voicemailstatus}&token={token}"
            + "&voicemailfile={voicemailfile}&random={random}")

    /// The form of v2.0.0, which is not printed: taken from its recordings and the parameters of its request.
    public static let withNumber = DownloadLinkTemplate(
        trusted: "/api/{version}/voicemail/download?number={number}&voicemailstatus={voicemailstatus}"
            + "&voicemailfile={voicemailfile}&random={random}&token={token}")

    /// Reads a template.
    ///
    /// - Parameter text: A path that begins with a slash and has `{random}` and `{token}` in it.
    /// - Throws: `PBXConfigurationError.linkTemplate` with what is wrong.
    public init(_ text: String) throws(PBXConfigurationError) {
        guard text.hasPrefix("/"), !text.hasPrefix("//") else {
            throw .linkTemplate(text, problem: "does not begin with one slash")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .linkTemplate(text, problem: "has characters that no URL has")
        }
        guard let parts = Self.parts(of: text) else {
            throw .linkTemplate(text, problem: "has a name in braces that is not known")
        }
        guard parts.contains(.value(.random)), parts.contains(.value(.token)) else {
            throw .linkTemplate(text, problem: "lacks {random} or {token}")
        }
        description = text
        self.parts = parts
    }

    private init(trusted text: String) {
        description = text
        parts = Self.parts(of: text) ?? []
    }

    private static func parts(of text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = Substring(text)
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}"),
                let name = Name(rawValue: String(rest[rest.index(after: brace)..<end]))
            else { return nil }
            parts.append(.literal(String(rest[..<brace])))
            parts.append(.value(name))
            rest = rest[rest.index(after: end)...]
        }
        parts.append(.literal(String(rest)))
        return parts
    }

    func path(version: String, listing: VoicemailListing, token: Secret, random: Secret) -> String {
        var path = ""
        for part in parts {
            switch part {
            case .literal(let text): path += text
            case .value(let name):
                let value =
                    switch name {
                    case .version: version
                    case .extid, .number: listing.extension
                    case .voicemailstatus: listing.status?.rawValue ?? ""
                    case .voicemailfile: listing.file
                    case .token: token.reveal()
                    case .random: random.reveal()
                    }
                path += PercentEncoding.encode(value)
            }
        }
        return path
    }
}
