/// A setting with which no PBX can be reached.
public enum PBXConfigurationError: Error, Sendable, Hashable {
    /// The URL is not that of a PBX; with what is wrong about it.
    case url(String, problem: String)
    /// The version string names none of the API's dialects.
    case version(String)
    /// The link template cannot be used; with what is wrong about it.
    case linkTemplate(String, problem: String)
    /// The allowed address is not one IP address.
    case allowedAddress(String)
    /// The extension cannot be one.
    case extensionNumber(String)
    /// The fingerprint does not have 64 hexadecimal digits.
    case fingerprint(String)
    /// The file of certificates cannot be used.
    case certificateFile(String)
    /// The proxy that a variable of the environment names cannot be used; with what is wrong about it.
    case proxy(variable: String, problem: String)
}

extension PBXConfigurationError: CustomStringConvertible {
    /// One sentence for a person: what is wrong, and what to give instead.
    public var description: String {
        switch self {
        case .url(let text, let problem):
            "the PBX's URL \"\(EscapedText.of(text))\" \(problem): give one such as "
                + "https://192.168.5.150:8088"
        case .version(let text):
            "there is no API version \"\(EscapedText.of(text))\": use v0.0.1, one of v1 such as "
                + "v1.1.0, or v2.0.0"
        case .linkTemplate(let text, let problem):
            "the link template \"\(EscapedText.of(text))\" \(problem): see the templates of the API versions"
        case .allowedAddress(let text):
            "\"\(EscapedText.of(text))\" is not one IP address: give exactly one, an empty text, or nothing"
        case .extensionNumber(let text):
            "\"\(EscapedText.of(text))\" is no extension: give each one by its number, such as 1000"
        case .fingerprint(let text):
            "\"\(EscapedText.of(text))\" is no SHA-256 fingerprint: give its 64 hexadecimal digits, as "
                + "`openssl x509 -fingerprint -sha256` prints them"
        case .certificateFile(let path):
            "no certificate can be read from \(EscapedText.of(path, limit: 300)): give a file in PEM format"
        case .proxy(let variable, let problem):
            "the proxy in \(variable) \(problem): give one such as http://proxy.example:3128, or name the PBX in NO_PROXY"
        }
    }
}
