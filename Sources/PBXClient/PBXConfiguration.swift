/// How the certificate of a PBX is checked.
public enum PBXTrust: Sendable, Hashable {
    /// Against the roots that the system trusts.
    case system
    /// Against the certificates of a file in PEM format, and nothing else.
    case certificates(file: String)
    /// By its fingerprint: it has to be one of these, whoever signed it and whatever names it has.
    case pinned([CertificateFingerprint])
    /// Not at all: whoever sits on the way can read and change everything, the login included.
    case anything
}

/// The oldest version of TLS that is spoken with a PBX; the raw value is its number.
public enum TLSMinimum: String, Sendable, Hashable, CaseIterable {
    /// TLS 1.0, which some old firmware has nothing better than.
    case tls10 = "1.0"
    /// TLS 1.1.
    case tls11 = "1.1"
    /// TLS 1.2.
    case tls12 = "1.2"
    /// TLS 1.3.
    case tls13 = "1.3"
}

/// How long to wait for a PBX.
public struct PBXTimeouts: Sendable, Hashable {
    /// For a connection, its TLS handshake included.
    public var connect: Duration
    /// For the next bytes of an answer.
    public var idle: Duration
    /// For an answer of the API as a whole, and for the head of any other.
    public var answer: Duration
    /// For a message as a whole, from the head of its answer on.
    public var message: Duration
    /// The fewest bytes a second of a message, counted over the time for the next bytes; 0 for no limit.
    public var leastRate: Int
    /// Without a login, a listing or a whole message while requests fail: then the PBX is given up.
    public var patience: Duration

    /// Makes a set of limits; the defaults suit a small box on a slow line: telephone audio has 16,000 bytes a
    /// second at most, and 1,600 in GSM.
    public init(
        connect: Duration = .seconds(10), idle: Duration = .seconds(30), answer: Duration = .seconds(60),
        message: Duration = .seconds(300), leastRate: Int = 500, patience: Duration = .seconds(300)
    ) {
        self.connect = connect
        self.idle = idle
        self.answer = answer
        self.message = message
        self.leastRate = leastRate
        self.patience = patience
    }
}

/// Which PBX, as whom, in which dialect, and within which limits.
public struct PBXConfiguration: Sendable {
    /// Where the PBX answers.
    public var address: PBXAddress
    /// The user name of the API.
    public var username: String
    /// The password of the API, in plain; it is sent as its MD5 digest.
    public var password: Secret
    /// The forms of the API to log in with, one after the other until the PBX understands one; at least one.
    ///
    /// A login that is refused for its user name or password ends them all: the fifth such refusal would lock
    /// this machine out.
    public var dialects: [PBXDialect]
    /// The encoding in which the PBX writes the names of callers.
    public var textEncoding: TextEncoding
    /// Who may download with the random strings that are asked for.
    public var allowedAddress: AllowedAddress
    /// How the PBX's certificate is checked.
    public var trust: PBXTrust
    /// The oldest version of TLS to speak; 1.2 by default, as RFC 8996 has it.
    public var minimumTLS: TLSMinimum
    /// The port that is named as the receiver of the PBX's reports: 1 to 65535; 8260 is the vendor's usual
    /// one.
    public var reportPort: Int
    /// This machine's address as the PBX sees it, for logins and heartbeats; where it is nil, OpenVox gets the
    /// one that the connection leaves from, and Yeastar none.
    public var reportAddress: String?
    /// The proxy by way of which the PBX is reached; nil for none.
    public var proxy: PBXProxy?
    /// How many requests may be under way at a time, at least 1: it is a small box.
    public var requestLimit: Int
    /// How long to wait.
    public var timeouts: PBXTimeouts
    /// How often to try again, and when.
    public var retry: RetryPolicy
    /// The most bytes that a download may have: 256 MiB hold more than four hours of 8 kHz 16-bit audio.
    public var downloadLimit: Int64
    /// The most bytes that an answer of the API may have.
    public var answerLimit: Int
    /// How long a token lives without a request; the vendor says 30 minutes.
    public var tokenLife: Duration
    /// What earlier runs know of a lock of this machine's address.
    public var lockMemory: LockMemory
    /// What the client calls itself in its requests.
    public var userAgent: String

    /// Makes a configuration whose limits have their default values.
    ///
    /// - Parameters:
    ///   - address: Where the PBX answers.
    ///   - username: The user name of the API.
    ///   - password: The password of the API.
    ///   - dialect: The form of the API; nil has it found out at the login.
    public init(address: PBXAddress, username: String, password: Secret, dialect: PBXDialect? = nil) {
        self.address = address
        self.username = username
        self.password = password
        dialects = dialect.map { [$0] } ?? PBXDialect.candidates
        textEncoding = .utf8
        allowedAddress = .unspecified
        trust = .system
        minimumTLS = .tls12
        reportPort = 8260
        reportAddress = nil
        proxy = nil
        requestLimit = 2
        timeouts = PBXTimeouts()
        retry = RetryPolicy()
        downloadLimit = 256 << 20
        answerLimit = 16 << 20
        tokenLife = .seconds(1800)
        lockMemory = .none
        userAgent = "Voxkeep"
    }
}
