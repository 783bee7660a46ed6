/// The number with which a PBX says why it refused a request (`errno` in its answers).
///
/// The meanings are those of the vendor's tables for the v1 and v2 APIs. A number that stands in neither
/// table is kept as it is, and has no meaning.
public struct PBXErrorCode: RawRepresentable, Sendable, Hashable {
    /// The number as the PBX gave it.
    public let rawValue: Int

    /// Takes a number over, documented or not.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// 0: none was given with a refusal; no box uses the number.
    static let missing = PBXErrorCode(rawValue: 0)
    /// 10002: XML is not supported.
    static let xmlUnsupported = PBXErrorCode(rawValue: 10002)
    /// 10003: the request is not one that the API knows.
    public static let unsupportedRequest = PBXErrorCode(rawValue: 10003)
    /// 10004: a required parameter is empty.
    public static let parameterMissing = PBXErrorCode(rawValue: 10004)
    /// 10006: the extension does not exist.
    public static let extensionMissing = PBXErrorCode(rawValue: 10006)
    /// 10025: the request is made too often.
    public static let tooFrequent = PBXErrorCode(rawValue: 10025)
    /// 10032: the password is wrong.
    public static let passwordWrong = PBXErrorCode(rawValue: 10032)
    /// 20000: only JSON is accepted.
    public static let jsonOnly = PBXErrorCode(rawValue: 20000)
    /// 20001: only POST is accepted.
    public static let postOnly = PBXErrorCode(rawValue: 20001)
    /// 20002: logging in is locked for this address.
    public static let loginLocked = PBXErrorCode(rawValue: 20002)
    /// 20003: the user name or the password is wrong.
    public static let loginRefused = PBXErrorCode(rawValue: 20003)
    /// 20004: there is no such token.
    public static let tokenUnknown = PBXErrorCode(rawValue: 20004)
    /// 20005: the token is empty.
    public static let tokenEmpty = PBXErrorCode(rawValue: 20005)
    /// 20006: the token has timed out.
    public static let tokenExpired = PBXErrorCode(rawValue: 20006)
    /// 20007: the data are empty.
    static let dataEmpty = PBXErrorCode(rawValue: 20007)
    /// 20008: the port is wrong.
    public static let portInvalid = PBXErrorCode(rawValue: 20008)
    /// 20009: the request is empty.
    static let requestEmpty = PBXErrorCode(rawValue: 20009)
    /// 20010: handing the request to the PBX's API service failed.
    public static let serviceUnreachable = PBXErrorCode(rawValue: 20010)
    /// 20011: the heartbeat's configuration failed.
    public static let heartbeatFailed = PBXErrorCode(rawValue: 20011)
    /// 20015: the `allowedip` parameter is wrong.
    public static let allowedAddressInvalid = PBXErrorCode(rawValue: 20015)
    /// 20016: the `voicemailstatus` parameter is wrong.
    public static let voicemailStatusInvalid = PBXErrorCode(rawValue: 20016)
    /// 20017: the random string of the voicemail is invalid, used up or expired.
    public static let voicemailRandomInvalid = PBXErrorCode(rawValue: 20017)
    /// 20018: there is no such voicemail file.
    public static let voicemailMissing = PBXErrorCode(rawValue: 20018)
    /// 30003: Yeastar's API service is not running; at a login, OpenVox's for a wrong user name or password.
    public static let serviceStopped = PBXErrorCode(rawValue: 30003)

    /// What the vendor's tables say of this number; nil for a number that they do not list.
    public var meaning: String? {
        if let meaning = Self.meanings[rawValue] { return meaning }
        return switch rawValue {
        case 10042...10062: "a SIP trunk setting is wrong"
        case 10063...10072: "an inbound route setting is wrong"
        case 10073...10081: "an outbound route setting is wrong"
        default: nil
        }
    }

    /// True for the three codes that a new login cures.
    var refusesToken: Bool {
        self == .tokenUnknown || self == .tokenEmpty || self == .tokenExpired
    }

    /// True where a login in another dialect may be understood: none of them is about user name or password.
    var speaksAgainstDialect: Bool {
        switch self {
        case .xmlUnsupported, .unsupportedRequest, .parameterMissing, .jsonOnly, .postOnly, .dataEmpty,
            .portInvalid, .requestEmpty:
            true
        default: false
        }
    }

    /// True where the same request may well succeed a moment later.
    var isTransient: Bool {
        self == .tooFrequent || self == .serviceUnreachable || self == .serviceStopped
    }

    private static let meanings: [Int: String] = [
        10002: "XML packets are not supported",
        10003: "the API does not support this request",
        10004: "a required parameter is empty",
        10005: "the call ID does not exist",
        10006: "the extension does not exist",
        10007: "the call does not exist",
        10008: "the extension is not idle",
        10009: "the extension may not be monitored",
        10010: "the monitor mode does not match",
        10011: "the callee does not exist",
        10012: "the IVR does not exist",
        10013: "the queue does not exist",
        10014: "the ring group does not exist",
        10015: "the call is not connected",
        10016: "accepting or refusing the call timed out",
        10017: "the extension could not be configured",
        10018: "the IVR could not be configured",
        10019: "the queue could not be configured",
        10020: "the alarm could not be added or changed",
        10021: "the alarm does not exist",
        10022: "the alarm exists already",
        10023: "the audio file does not exist",
        10024: "the extension has no permission for outbound calls",
        10025: "the request is made too often",
        10026: "the GSM module does not exist",
        10027: "the GSM module is busy",
        10028: "the number is empty",
        10029: "the SMS file does not exist",
        10030: "the SMS is empty",
        10031: "the callee's number is not acceptable",
        10032: "the password is wrong",
        10033: "the outbound route's settings could not be saved",
        20000: "only JSON is accepted",
        20001: "only POST is accepted",
        20002: "logging in is locked for this address",
        20003: "the user name or the password is wrong",
        20004: "the token does not exist",
        20005: "the token is empty",
        20006: "the token has timed out",
        20007: "the data are empty",
        20008: "the port is wrong",
        20009: "the request is empty",
        20010: "handing the request to the PBX's API service failed",
        20011: "the heartbeat could not be configured",
        20012: "the recording's random string is invalid",
        20013: "the verification code is wrong",
        20014: "the recording file does not exist",
        20015: "the allowed IP address is wrong",
        20016: "the voicemail status parameter is wrong",
        20017: "the voicemail's random string is invalid",
        20018: "the voicemail file does not exist",
        20019: "the time format of the call records is wrong",
        20020: "the random string of the call records is invalid",
        20021: "the call records do not exist",
        30001: "the API service could not allocate its JSON",
        30003: "the PBX's API service is not running; of an OpenVox: the password is wrong",
    ]
}

extension PBXErrorCode: CustomStringConvertible {
    /// The number and its meaning.
    public var description: String {
        "\(rawValue) (\(meaning ?? "a code that is not documented"))"
    }
}
