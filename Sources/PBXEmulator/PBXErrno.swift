/// The failure codes of the API that the emulator answers with, numbered as the vendor's manual does.
public enum PBXErrno: Int, Error, Sendable, CaseIterable, CustomStringConvertible {
    /// The request is XML, which is not supported.
    case xmlNotSupported = 10002
    /// The API has no such request.
    case requestNotSupported = 10003
    /// A required parameter is missing or empty.
    case parameterEmpty = 10004
    /// The extension does not exist.
    case noSuchExtension = 10006
    /// The request is not JSON.
    case jsonOnly = 20000
    /// The request is not a POST.
    case postOnly = 20001
    /// The address is locked after too many failed logins.
    case loginLocked = 20002
    /// The user name or the password is wrong.
    case loginRefused = 20003
    /// The token was never issued or is no longer known.
    case noSuchToken = 20004
    /// The request has no token.
    case tokenEmpty = 20005
    /// The token has timed out.
    case tokenExpired = 20006
    /// The request has no data.
    case dataEmpty = 20007
    /// The report port is wrong.
    case portWrong = 20008
    /// The request is empty.
    case requestEmpty = 20009
    /// The request could not be handed to the API service.
    case handOverFailed = 20010
    /// The heartbeat's settings are wrong.
    case heartbeatFailed = 20011
    /// `allowedip` is no address, or the address may not download.
    case allowedAddressWrong = 20015
    /// `voicemailstatus` is neither `read` nor `unread`.
    case voicemailStatusWrong = 20016
    /// The random string is unknown, used, expired or meant for another file.
    case randomInvalid = 20017
    /// There is no such voicemail file.
    case voicemailMissing = 20018
    /// The user name or the password is wrong, in OpenVox's words.
    case openVoxLoginRefused = 30003

    /// What the code means, in a few words.
    public var description: String {
        switch self {
        case .xmlNotSupported: "XML is not supported"
        case .requestNotSupported: "request not supported"
        case .parameterEmpty: "a required parameter is empty"
        case .noSuchExtension: "no such extension"
        case .jsonOnly: "JSON only"
        case .postOnly: "POST only"
        case .loginLocked: "login locked"
        case .loginRefused, .openVoxLoginRefused: "wrong user name or password"
        case .noSuchToken: "no such token"
        case .tokenEmpty: "token empty"
        case .tokenExpired: "token expired"
        case .dataEmpty: "empty data"
        case .portWrong: "wrong port"
        case .requestEmpty: "empty request"
        case .handOverFailed: "hand-over to the API service failed"
        case .heartbeatFailed: "heartbeat settings wrong"
        case .allowedAddressWrong: "allowedip wrong"
        case .voicemailStatusWrong: "voicemailstatus wrong"
        case .randomInvalid: "random string invalid"
        case .voicemailMissing: "voicemail file missing"
        }
    }
}
