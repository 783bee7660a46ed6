/// The form of a download link: a path with the names of its values in braces.
///
/// The names are `{version}`, `{extid}` or `{number}` (both are the extension), `{voicemailstatus}`,
/// `{voicemailfile}`, `{token}` and `{random}`. Values are percent-encoded down to the unreserved characters.
/// A parameter with the status falls away where the box lists none: the pages print the link both ways.
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

    private let path: [Part]
    /// The parameters of the query; empty where the template has none.
    private let parameters: [[Part]]

    /// The form that OpenVox and v1.1.0 of Yeastar print alike.
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
        self.init(trusted: text)
    }

    private init(trusted text: String) {
        description = text
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = halves.first.flatMap { Self.parts(of: String($0)) } ?? []
        parameters =
            halves.count < 2
            ? []
            : halves[1].split(separator: "&", omittingEmptySubsequences: false)
                .compactMap { Self.parts(of: String($0)) }
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
        func value(_ name: Name) -> String {
            switch name {
            case .version: version
            case .extid, .number: listing.extension
            case .voicemailstatus: listing.status?.rawValue ?? ""
            case .voicemailfile: listing.file
            case .token: token.reveal()
            case .random: random.reveal()
            }
        }
        func text(_ parts: [Part]) -> String {
            parts.map { part in
                switch part {
                case .literal(let text): text
                case .value(let name): PercentEncoding.encode(value(name))
                }
            }.joined()
        }
        let query = parameters.filter { listing.status != nil || !$0.contains(.value(.voicemailstatus)) }
        return text(path) + (query.isEmpty ? "" : "?" + query.map(text).joined(separator: "&"))
    }
}
