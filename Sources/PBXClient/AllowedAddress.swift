internal import NIOCore

/// Who may download with a random string, besides the host that logged in (`allowedip`).
public enum AllowedAddress: Sendable, Hashable {
    /// The parameter is not sent: only the host that logged in may download.
    case unspecified
    /// The parameter is sent empty, with the same meaning.
    case blank
    /// One IP address may download too.
    case address(String)

    /// Reads what a person gave: nothing, an empty text, or one IPv4 or IPv6 address.
    ///
    /// - Parameter text: The address; nil where none was given.
    /// - Throws: `PBXConfigurationError.allowedAddress` for anything but one address.
    public init(_ text: String?) throws(PBXConfigurationError) {
        switch text {
        case nil: self = .unspecified
        case "": self = .blank
        case let text?:
            guard (try? SocketAddress(ipAddress: text, port: 0)) != nil else {
                throw .allowedAddress(text)
            }
            self = .address(text)
        }
    }
}
