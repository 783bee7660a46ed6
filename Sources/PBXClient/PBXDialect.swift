/// One of the forms in which the boxes speak the API, and the version string in its paths.
///
/// The two are separate: the pages of OpenVox document v0.0.1, and show examples with v1.1.0 in them.
public struct PBXDialect: Sendable, Hashable {
    /// Whose form of the API it is.
    public enum Family: String, Sendable, Hashable, CaseIterable {
        /// OpenVox's UC series: an extension is `extid`, and a login names its form and where reports go.
        case openVox = "openvox"
        /// v1 of Yeastar's S-Series, K2 and Cloud PBX: an extension is `extid`.
        case yeastarV1 = "yeastar-v1"
        /// v2 of the same: an extension is `number`.
        case yeastarV2 = "yeastar-v2"

        /// The version that the maker's pages document.
        public var documentedVersion: String {
            switch self {
            case .openVox: "v0.0.1"
            case .yeastarV1: "v1.1.0"
            case .yeastarV2: "v2.0.0"
            }
        }
    }

    /// How the number of an extension is written in a request; the tables say integer, the examples text.
    public enum ExtensionEncoding: Sendable, Hashable {
        /// As JSON text, which every example uses.
        case text
        /// As a JSON number where it is one, without a leading zero.
        case integer
    }

    /// Whose form of the API it is.
    public let family: Family
    /// The version in every path, such as `v1.1.0`.
    public let version: String
    /// The form of the download link.
    public var linkTemplate: DownloadLinkTemplate
    /// How the number of an extension is written in a request.
    public var extensionEncoding = ExtensionEncoding.text

    /// OpenVox's, as the starting page prints it.
    public static let openVox = PBXDialect(trusted: .openVox, Family.openVox.documentedVersion)
    /// Yeastar's v1.1.0.
    public static let yeastarV1 = PBXDialect(trusted: .yeastarV1, Family.yeastarV1.documentedVersion)
    /// Yeastar's v2.0.0.
    public static let yeastarV2 = PBXDialect(trusted: .yeastarV2, Family.yeastarV2.documentedVersion)

    /// In which to log in to a box of which nothing is known, one after the other until one is understood.
    ///
    /// OpenVox's login in its own v1.1.0 spelling has every parameter that any of the pages wants and none
    /// that Yeastar's v1.1.0 lacks, so most boxes of either maker are met with the first login.
    public static let candidates = [
        PBXDialect(trusted: .openVox, Family.yeastarV1.documentedVersion), openVox, yeastarV1, yeastarV2,
    ]

    /// Takes the family from the version's first number: 0 is OpenVox's, 1 and 2 are Yeastar's.
    ///
    /// - Parameter version: The version, such as `v1.1.0`; `1.1.0` and the vendor's own `v1.10` are
    ///   understood too.
    /// - Throws: `PBXConfigurationError.version` for anything else.
    public init(_ version: String) throws(PBXConfigurationError) {
        let family: Family? =
            switch Self.numbers(of: version)?.first {
            case 0: .openVox
            case 1: .yeastarV1
            case 2: .yeastarV2
            default: nil
            }
        guard let family else { throw .version(version) }
        try self.init(family: family, version: version)
    }

    /// Combines a family with a version string, also with that of another one, as OpenVox's pages do.
    ///
    /// - Parameters:
    ///   - family: Whose form of the API it is.
    ///   - version: The version in every path; nil for the one that the maker's pages document.
    /// - Throws: `PBXConfigurationError.version` where the version is not `v` and numbers with dots.
    public init(family: Family, version: String? = nil) throws(PBXConfigurationError) {
        let version = version ?? family.documentedVersion
        guard Self.numbers(of: version) != nil else { throw .version(version) }
        self.init(trusted: family, version.hasPrefix("v") ? version : "v" + version)
    }

    private init(trusted family: Family, _ version: String) {
        self.family = family
        self.version = version
        linkTemplate = family == .yeastarV2 ? .withNumber : .withExtensionID
    }

    /// The same with the family that a listing gives away: OpenVox's have no folders, and Yeastar's have.
    func recognized(in listings: [VoicemailListing]) -> PBXDialect {
        guard family == .openVox, listings.contains(where: { $0.status != nil }) else { return self }
        var dialect = PBXDialect(trusted: .yeastarV1, version)
        dialect.linkTemplate = linkTemplate
        dialect.extensionEncoding = extensionEncoding
        return dialect
    }

    private static func numbers(of version: String) -> [Int]? {
        let digits = version.hasPrefix("v") ? version.dropFirst() : Substring(version)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard part.utf8.count <= 4, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}

extension PBXDialect: CustomStringConvertible {
    /// The family, and the version as it stands in paths.
    public var description: String { "\(family.rawValue) \(version)" }
}
