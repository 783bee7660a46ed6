/// A request as tests and logs see it, without its secrets.
public struct EmulatorRequest: Sendable, Hashable {
    /// The number of the request, from 1.
    public let sequence: Int
    /// The HTTP method.
    public let method: String
    /// The path without the query.
    public let path: String
    /// The version in the path, such as `v1.1.0`.
    public let version: String?
    /// What is requested; nil where the API has no such request.
    public let endpoint: EmulatorEndpoint?
    /// The address that sent it.
    public let address: String
    /// The parameters of the body and of the query that are no secrets.
    public let parameters: [String: String]
}

/// A request and what became of it.
public struct EmulatorLogEntry: Sendable, Hashable, CustomStringConvertible {
    /// The request.
    public let request: EmulatorRequest
    /// The HTTP status of the answer; 0 where the connection was dropped.
    public let status: Int
    /// The failure answered, nil for a success or an answer that is no JSON.
    public let errno: Int?
    /// The size of the answer's body in bytes, before a fault cut or stretched it.
    public let bytes: Int
    /// The fault that struck.
    public let fault: EmulatorFault?

    /// One line for a log.
    public var description: String {
        var line = "\(request.address) \(request.method) \(Self.printable(request.path)) \(status)"
        if let errno {
            line += " errno \(errno)"
            if let known = PBXErrno(rawValue: errno) { line += " (\(known))" }
        }
        line += " \(bytes) bytes"
        if let fault { line += " fault \(fault)" }
        return line
    }

    private static func printable(_ path: String) -> String {
        String(String.UnicodeScalarView(path.unicodeScalars.prefix(120).map { $0.value < 0x20 ? "?" : $0 }))
    }
}
