public import Logging

/// What a tolerant box lets pass that the manual forbids, or allows in one place and not in another.
public struct Tolerance: OptionSet, Sendable, Hashable {
    /// The bits of the set.
    public let rawValue: Int

    /// Makes a set from its bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// A comma before a closing brace, as in the manual's example of a request for a random string.
    public static let trailingCommas = Tolerance(rawValue: 1)
    /// Keys without quotation marks, as in the manual's example of a heartbeat.
    public static let bareKeys = Tolerance(rawValue: 2)
    /// No `voicemailstatus` where v1.1.0 and later want one: the unread folder is searched before the read
    /// one.
    public static let missingStatus = Tolerance(rawValue: 4)
    /// `number` in v1 and `extid` in v2.
    public static let eitherExtensionField = Tolerance(rawValue: 8)
    /// An MD5 password in capital letters.
    public static let upperCasePassword = Tolerance(rawValue: 16)

    /// Everything above.
    public static let all: Tolerance = [
        .trailingCommas, .bareKeys, .missingStatus, .eitherExtensionField, .upperCasePassword,
    ]
}

/// What a login at an OpenVox has beside user name and password; the raw value is the name on the wire.
public enum LoginParameter: String, Sendable, Hashable, CaseIterable {
    /// The form of the answer, in the query: `json` or `xml`.
    case type
    /// The port for reports.
    case port
    /// The version of the reports.
    case version
    /// Where reports go.
    case url
    /// How `url` is meant: 0 for a path, 1 for host, port and path.
    case urltag
}

/// How the length of an answer is conveyed.
public enum AnswerFraming: String, Sendable, Hashable, CaseIterable {
    /// By Content-Length.
    case contentLength = "content-length"
    /// In chunks.
    case chunked
    /// By the end of the connection alone.
    case untilClose = "until-close"
}

/// The certificate that an emulator serves HTTPS with.
public enum EmulatorCertificate: Sendable, Hashable {
    /// One made at the start, for `localhost`, the loopback addresses and the host served, as untrusted as a
    /// box's own.
    case selfSigned
    /// A chain and its key in files in PEM format.
    case files(certificateChain: String, privateKey: String)
}

/// How an emulator behaves; the defaults are those of a Yeastar S-Series box as far as they are known.
public struct EmulatorConfiguration: Sendable {
    /// The address to listen at.
    public var host = "127.0.0.1"
    /// The port to listen at, 0 for any free one.
    public var port = 0
    /// The certificate for HTTPS; nil for HTTP.
    public var certificate: EmulatorCertificate?
    /// A second port, 0 for any free one, whose plain HTTP requests are redirected to HTTPS.
    public var redirectPort: Int?

    /// Whose form of the API is spoken: OpenVox's, or one or both of Yeastar's.
    public var families: Set<EmulatedFamily> = [.yeastarV1, .yeastarV2]
    /// What an OpenVox refuses a login without.
    public var requiredAtLogin = Set(LoginParameter.allCases)

    /// The serial number that a Yeastar tells; nil for a box that tells none, as every OpenVox.
    public var serialNumber: String?

    /// The API's user name.
    public var username = "api"
    /// The API's password, of which clients send the MD5.
    public var password = "password"
    /// Failed logins in a row that lock an address.
    public var lockAfter = 5
    /// How long an address stays locked.
    public var lockTime: Duration = .seconds(600)
    /// What a v1 login without `port` is refused with: `portWrong` or `parameterEmpty`; the manual does not
    /// say.
    public var missingPort: PBXErrno = .portWrong
    /// How long tokens last.
    public var tokenLife: TokenLife = .sliding(.seconds(1800))
    /// Whether logins also give a refresh token and `token/refresh` exists, as on Cloud PBX and K2.
    public var hasRefresh = false
    /// Whether a login ends the sessions before it.
    public var allowsOneSessionOnly = false
    /// How long random strings last.
    public var randomLife: Duration = .seconds(30)

    /// What to let pass.
    public var tolerance: Tolerance = []
    /// How well-formed the answers are.
    public var answerStyle: AnswerStyle = .valid
    /// Whether numbers are written as JSON integers.
    public var writesIntegers = false
    /// Whether a query of several mailboxes lists the empty ones, each with an empty list.
    public var listsEmptyMailboxes = false
    /// The Content-Type of audio; boxes may also send `application/octet-stream`.
    public var audioContentType = "audio/x-wav"
    /// How the length of audio is conveyed.
    public var audioFraming: AnswerFraming = .contentLength

    /// The mailboxes at the start.
    public var mailboxes = MailboxModel()
    /// The faults at the start.
    public var faults: EmulatorFaults = []
    /// Called before each request of the API is handled, with leave to change the mailboxes.
    public var onRequest: (@Sendable (EmulatorRequest, inout MailboxModel) -> Void)?

    /// What times are measured with.
    public var clock: EmulatorClock = .continuous
    /// Where tokens and random strings come from, two words each.
    public var randomWord: @Sendable () -> UInt64 = { .random(in: 0 ... .max) }
    /// Where a line for each request goes, without tokens, passwords and random strings; nil for none.
    public var logger: Logger?

    /// Makes the default configuration.
    public init() {}
}
