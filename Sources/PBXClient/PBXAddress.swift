internal import Foundation
internal import NIOCore

/// Where a PBX answers: scheme, host and port, with the path of a proxy in front of it if there is one.
public struct PBXAddress: Sendable, Hashable {
    /// The URL without a slash at its end; what the API's paths are appended to.
    public let text: String
    /// The host alone, without the brackets of an IPv6 address.
    public let host: String
    /// The port: 1 to 65535.
    public let port: Int
    /// True for `https`.
    public let isEncrypted: Bool
    /// The path of a proxy in front of the PBX, with a slash at its beginning; empty where there is none.
    public let path: String

    /// Reads the URL of a PBX.
    ///
    /// - Parameter text: An `http` or `https` URL; a user name, a query or a fragment has no place in it.
    /// - Throws: `PBXConfigurationError.url` with what is wrong.
    public init(_ text: String) throws(PBXConfigurationError) {
        let printable = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard printable, let parts = URLComponents(string: text) else {
            throw .url(text, problem: "is not well formed")
        }
        guard let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https" else {
            throw .url(text, problem: "does not begin with http:// or https://")
        }
        guard parts.user == nil, parts.password == nil else {
            // The text may hold a password, so it is not repeated.
            throw .url(
                "\(scheme)://…", problem: "has a user name in it, which belongs in a setting of its own")
        }
        guard let host = parts.host, !host.isEmpty else { throw .url(text, problem: "names no host") }
        guard parts.port.map({ (1...65_535).contains($0) }) ?? true else {
            throw .url(text, problem: "has a port outside 1 to 65535")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw .url(text, problem: "has a query or a fragment")
        }
        var base = Substring(text)
        while base.hasSuffix("/") { base = base.dropLast() }
        self.text = String(base)
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        isEncrypted = scheme == "https"
        port = parts.port ?? (isEncrypted ? 443 : 80)
        path = URLComponents(string: self.text)?.path ?? ""
    }

    /// True where a request never leaves this machine.
    public var isLoopback: Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return false }
        return switch address {
        case .v4: host.hasPrefix("127.")
        case .v6: address.ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }

    /// What a redirect of this PBX to itself asks for, as path and query below its URL; nil where it leads
    /// elsewhere.
    func link(in location: String) -> String? {
        guard let origin = Self.origin(of: text) else { return nil }
        let folder = text.dropFirst(origin.count)
        var link = Substring(location)
        if link.hasPrefix(origin + "/") { link = link.dropFirst(origin.count) }
        guard link.hasPrefix(folder + "/"), !link.hasPrefix("//"),
            link.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return String(link.dropFirst(folder.count))
    }

    /// Scheme, host and port of any URL, without path and query; nil where it is not one of HTTP.
    static func origin(of location: String) -> String? {
        guard let parts = URLComponents(string: location), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https"
        else { return nil }
        var origin = "\(scheme)://\(EscapedText.of(host))"
        if let port = parts.port { origin += ":\(port)" }
        return origin
    }
}

extension PBXAddress: CustomStringConvertible {
    /// The URL without a slash at its end.
    public var description: String { text }
}
