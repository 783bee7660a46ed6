/// One of the forms in which the boxes speak the API, and the version string in its paths.
///
/// The two are separate: the starting page of the API documents v0.0.1 and shows examples with v1.1.0 in
/// them.
public struct PBXDialect: Sendable, Hashable {
    /// What the parameters are called and which of them are sent.
    public enum Family: Sendable, Hashable {
        /// v0.0.1: an extension is `extid`, and a voicemail is named without its status.
        case extensionIDWithoutStatus
        /// v1: an extension is `extid`, and the status is required.
        case extensionID
        /// v2: an extension is `number`, and the status is required.
        case number
    }

    /// How the number of an extension is written in a request; the tables say integer, the examples text.
    public enum ExtensionEncoding: Sendable, Hashable {
        /// As JSON text, which every example uses.
        case text
        /// As a JSON number where it is one, without a leading zero.
        case integer
    }

    /// What the parameters are called and which of them are sent.
    public var family: Family
    /// The version in every path, such as `v1.1.0`.
    public let version: String
    /// The form of the download link.
    public var linkTemplate: DownloadLinkTemplate
    /// How the number of an extension is written in a request.
    public var extensionEncoding = ExtensionEncoding.text

    /// v0.0.1, as the starting page prints it.
    public static let v0 = PBXDialect(trusted: .extensionIDWithoutStatus, "v0.0.1")
    /// v1.1.0, which is the default.
    public static let v1 = PBXDialect(trusted: .extensionID, "v1.1.0")
    /// v2.0.0.
    public static let v2 = PBXDialect(trusted: .number, "v2.0.0")

    /// Takes the family from the version's first number: 0, 1 or 2.
    ///
    /// - Parameter version: The version, such as `v1.1.0`; `1.1.0` and the vendor's own `v1.10` are
    ///   understood too.
    /// - Throws: `PBXConfigurationError.version` for anything else.
    public init(_ version: String) throws(PBXConfigurationError) {
        let family: Family? =
            switch Self.numbers(of: version)?.first {
            case 0: .extensionIDWithoutStatus
            case 1: .extensionID
            case 2: .number
            default: nil
            }
        guard let family else { throw .version(version) }
        try self.init(family: family, version: version)
    }

    /// Combines a family with the version string of another one, as the starting page does.
    ///
    /// - Parameters:
    ///   - family: What the parameters are called and which of them are sent.
    ///   - version: The version in every path.
    /// - Throws: `PBXConfigurationError.version` where the version is not `v` and numbers with dots.
    public init(family: Family, version: String) throws(PBXConfigurationError) {
        guard Self.numbers(of: version) != nil else { throw .version(version) }
        self.init(trusted: family, version.hasPrefix("v") ? version : "v" + version)
    }

    private init(trusted family: Family, _ version: String) {
        self.family = family
        self.version = version
        linkTemplate =
            switch family {
            case .extensionIDWithoutStatus: .withoutStatus
            case .extensionID: .withExtensionID
            case .number: .withNumber
            }
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
    /// The version, as it stands in paths.
    public var description: String { version }
}
