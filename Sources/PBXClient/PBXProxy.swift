internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore

/// The proxy by way of which a PBX is reached.
///
/// It is asked for a tunnel (`CONNECT`, RFC 9110 §9.3.6) whether the PBX speaks TLS or not, so it sees none of the
/// requests to one that does.
public struct PBXProxy: Sendable, Hashable {
    private enum Kind: Hashable {
        case http(login: Secret?)
        /// SOCKS 5.
        case socks
    }

    /// Its host.
    public let host: String
    /// Its port.
    public let port: Int

    private let kind: Kind

    /// Finds the proxy that the environment names for a PBX, by the usual rules.
    ///
    /// `https_proxy`, `http_proxy` and `all_proxy` count, in small letters before capital ones; `no_proxy` names hosts, the
    /// domains above them, addresses and networks that need none.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - address: The PBX.
    /// - Returns: The proxy; nil where there is none, or none for this PBX.
    /// - Throws: `PBXConfigurationError.proxy` for a value that names none; it is not repeated, for it may hold a password.
    public static func inEnvironment(
        _ environment: [String: String], for address: PBXAddress
    ) throws(PBXConfigurationError) -> PBXProxy? {
        let scheme = address.isEncrypted ? "https_proxy" : "http_proxy"
        let names = [scheme, scheme.uppercased(), "all_proxy", "ALL_PROXY"]
        guard let name = names.first(where: { environment[$0] != nil }), let value = environment[name],
            !value.isEmpty
        else { return nil }
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        if ProxyExceptions(exceptions).cover(address) { return nil }
        return try PBXProxy(value, from: name)
    }

    private init(_ text: String, from variable: String) throws(PBXConfigurationError) {
        let full = text.contains("://") ? text : "http://" + text
        guard let parts = URLComponents(string: full), let host = parts.host, !host.isEmpty else {
            throw .proxy(variable: variable, problem: "is not well formed")
        }
        guard let port = parts.port, (1...65_535).contains(port) else {
            throw .proxy(variable: variable, problem: "names no port from 1 to 65535")
        }
        guard ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil else {
            throw .proxy(variable: variable, problem: "has a path")
        }
        switch parts.scheme?.lowercased() {
        case "http":
            let login = parts.user.map { "\($0):\(parts.password ?? "")" }
            kind = .http(login: login.map { Secret($0) })
        case "socks5", "socks5h":
            guard parts.user == nil else {
                throw .proxy(
                    variable: variable, problem: "has a login, which cannot be given to a SOCKS proxy")
            }
            kind = .socks
        default: throw .proxy(variable: variable, problem: "is neither http:// nor socks5://")
        }
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = port
    }

    /// The settings of the HTTP library for it.
    var settings: HTTPClient.Configuration.Proxy {
        switch kind {
        case .socks: .socksServer(host: host, port: port)
        case .http(let login):
            .server(
                host: host, port: port,
                authorization: login.map {
                    .basic(credentials: Data($0.reveal().utf8).base64EncodedString())
                })
        }
    }
}

extension PBXProxy: CustomStringConvertible {
    /// Host and port, without a login.
    public var description: String {
        host.contains(":") ? "[\(EscapedText.of(host))]:\(port)" : "\(EscapedText.of(host)):\(port)"
    }
}

/// The hosts that need no proxy, as `no_proxy` lists them.
private struct ProxyExceptions {
    private let entries: [Substring]

    init(_ text: String) {
        entries = text.lowercased().split { $0 == "," || $0.isWhitespace }
    }

    func cover(_ address: PBXAddress) -> Bool {
        let host = address.host.lowercased()
        return entries.contains { entry in
            if entry == "*" { return true }
            var name = entry
            if let port = Self.port(of: entry) {
                guard port == address.port else { return false }
                name = name.prefix { $0 != "]" }
                if !name.hasPrefix("[") {
                    name = name.prefix(upTo: entry.lastIndex(of: ":") ?? entry.endIndex)
                }
            }
            name.trimPrefix("[")
            if name.hasSuffix("]") { name = name.dropLast() }
            if let network = Network(name) { return network.contains(host) }
            name.trimPrefix("*")
            name.trimPrefix(".")
            guard !name.isEmpty, host != name else { return host == name }
            // Of an address no part is a domain.
            return Network(host[...]) == nil && host.hasSuffix("." + name)
        }
    }

    /// The port behind a name or behind the brackets of an address.
    private static func port(of entry: Substring) -> Int? {
        guard let colon = entry.lastIndex(of: ":"),
            entry.hasPrefix("[") || entry.count(where: { $0 == ":" }) == 1
        else { return nil }
        return Int(entry[entry.index(after: colon)...])
    }
}

/// All addresses that begin with the same bits, or one alone.
private struct Network {
    /// The four bytes of an IPv4 address, or the 16 of an IPv6 one.
    private let bytes: [UInt8]
    /// How many bits of them count.
    private let length: Int

    /// Reads `192.168.5.150`, `192.168.0.0/16`, `fd00::1` or `fd00::/8`; nil for anything else.
    init?(_ text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        guard let length = parts.count == 1 ? bytes.count * 8 : Int(parts[1]),
            (0...bytes.count * 8).contains(length)
        else { return nil }
        (self.bytes, self.length) = (bytes, length)
    }

    func contains(_ host: String) -> Bool {
        guard let address = Self.bytes(of: host), address.count == bytes.count else { return false }
        return zip(address, bytes).enumerated().allSatisfy { index, pair in
            let bits = min(max(length - index * 8, 0), 8)
            return (pair.0 ^ pair.1) >> (8 - bits) == 0
        }
    }

    /// The bytes of an address; nil for what is none.
    private static func bytes(of host: String) -> [UInt8]? {
        // NIO's text of an address has no zeros before a number, and at most one "::".
        guard let address = try? SocketAddress(ipAddress: host, port: 0), let text = address.ipAddress else {
            return nil
        }
        guard text.contains(":") else { return bytes(dotted: text[...]) }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false).map { half in
            half.split(separator: ":").flatMap { group in
                if group.contains(".") { return bytes(dotted: group) }
                let number = UInt16(group, radix: 16) ?? 0
                return [UInt8(number >> 8), UInt8(number & 0xFF)]
            }
        }
        let known = halves.reduce(0) { $0 + $1.count }
        guard known <= 16, let first = halves.first else { return nil }
        return first + [UInt8](repeating: 0, count: 16 - known) + halves.dropFirst().joined()
    }

    private static func bytes(dotted text: Substring) -> [UInt8] {
        text.split(separator: ".").map { UInt8($0) ?? 0 }
    }
}
