public import Foundation

/// Why a PBX did not give what it was asked for.
///
/// None of the cases holds a token, a password or a random string, nor the caller of a message in its
/// sentence.
public enum PBXError: Error, Sendable, Hashable {
    /// No connection came about, or it broke before the answer.
    case unreachable(PBXAddress, reason: String)
    /// The certificate of the PBX is not one to trust, or the TLS handshake failed otherwise.
    case untrusted(PBXAddress, TLSProblem)
    /// The box is of Yeastar's P-Series, whose API is not spoken.
    case otherAPI(PBXOperation)
    /// The user name or the password is wrong (20003 or 10032, OpenVox's 30003, or a refusal without a code);
    /// never tried again.
    case loginRefused(PBXAddress, PBXErrorCode?)
    /// Too many logins have failed, and this machine's address is locked until then (20002).
    case locked(PBXAddress, until: Date)
    /// The PBX refused the request with a code of its own.
    case refused(PBXOperation, PBXErrorCode, item: String?)
    /// The HTTP status is not one of success; with the pause that the PBX asks for, if it does.
    case httpStatus(PBXOperation, Int, retryAfter: Duration? = nil)
    /// The answer is a page for browsers.
    case webPage(PBXOperation)
    /// The answer is XML that does not say why it was given.
    case xml(PBXOperation)
    /// The answer is not one of the API.
    case badAnswer(PBXOperation, reason: String)
    /// The answer has no body.
    case emptyBody(PBXOperation)
    /// The answer comes too slowly; with the limit that it breaks.
    case tooSlow(PBXOperation, reason: String)
    /// Nothing has come of any request for so long, or nothing would before the PBX wants to be asked again.
    case gaveUp(PBXAddress, after: Duration?, reason: String)
    /// The answer has more bytes than are allowed.
    case tooLarge(PBXOperation, limit: Int64)
    /// The answer ended before its length; the length is nil where none was announced.
    case cutShort(PBXOperation, expected: Int64?, received: Int64)
    /// The PBX wants to be asked elsewhere; with the URL to use, where it can be told.
    case redirected(PBXOperation, to: String?)
    /// The message no longer lies where it was listed, so the mailbox has to be listed again.
    case messageMoved(VoicemailListing)
    /// No request can say which of two files of that name is meant, and the audio does not show it.
    case ambiguousPlace(VoicemailListing)
    /// Each download of the message differed, and none had the listed length.
    case inconsistentAudio(VoicemailListing, attempts: Int)
    /// The file for the audio cannot be written.
    case file(path: String, reason: String)

    /// True where the same request may well succeed a moment later.
    public var isTransient: Bool {
        switch self {
        case .unreachable, .webPage, .badAnswer, .emptyBody, .cutShort, .tooSlow: true
        case .httpStatus(_, let status, _): status >= 500 || status == 408 || status == 429
        // It may be a refusal, and repeated logins that are refused lock this machine out.
        case .xml(let operation): operation != .login
        // An OpenVox says 30003 of a wrong password, and the fifth locks this machine out.
        case .refused(.login, .serviceStopped, _): false
        case .refused(_, let code, _): code.isTransient
        // A download beyond the limit would only be as long again.
        case .tooLarge(let operation, _): operation != .voicemailDownload
        case .untrusted, .otherAPI, .loginRefused, .locked, .gaveUp, .redirected, .messageMoved,
            .ambiguousPlace,
            .inconsistentAudio,
            .file:
            false
        }
    }

    /// True where the answer to a login speaks for another dialect, and not against user name or password.
    var speaksAgainstDialect: Bool {
        switch self {
        case .refused(.login, let code, _): code.speaksAgainstDialect
        case .httpStatus(.login, let status, _): [400, 404, 405, 501].contains(status)
        case .webPage(.login): true
        default: false
        }
    }

    /// How long the PBX wants to be left alone; nil where it has not said so.
    var retryAfter: Duration? {
        switch self {
        case .httpStatus(_, 429, let pause), .httpStatus(_, 503, let pause): pause
        default: nil
        }
    }

    /// The cause of a failure by chance in a few words, for a sentence about many of them.
    var cause: String {
        switch self {
        case .unreachable(_, let reason), .badAnswer(_, let reason), .tooSlow(_, let reason): reason
        case .httpStatus(_, let status, _): "HTTP status \(status)"
        case .refused(_, let code, _): "code \(code)"
        case .webPage: "web pages in place of answers"
        case .emptyBody: "empty answers"
        case .cutShort: "answers that are cut short"
        default: "answers that make no sense"
        }
    }

    /// The code that the PBX gave; nil for failures of any other kind.
    public var code: PBXErrorCode? {
        switch self {
        case .refused(_, let code, _): code
        case .loginRefused(_, let code): code
        case .locked: .loginLocked
        default: nil
        }
    }
}

extension PBXError: CustomStringConvertible {
    /// One sentence for a person: what happened, and what to do about it.
    public var description: String {
        switch self {
        case .unreachable(let address, let reason):
            "the PBX at \(address) cannot be reached (\(reason)): check its URL, the network, and that its API is "
                + "enabled \(Self.apiSwitch)"
        case .untrusted(let address, let problem): problem.sentence(about: address)
        case .otherAPI(let operation):
            "the PBX answered \(operation.rawValue) as Yeastar's P-Series does, whose API is not spoken yet: use a box "
                + "of OpenVox's UC series, or of Yeastar's S-Series, K2 or Cloud PBX"
        case .loginRefused(let address, let code):
            "the PBX at \(address) refused the login\(code.map { " with code \($0.rawValue)" } ?? ""): check the "
                + "user name and password of its API (five failures lock this machine out for ten minutes)"
                + (code == .serviceStopped ? "; a Yeastar says so when its API service is not running" : "")
        case .locked(let address, let until):
            "the PBX at \(address) has locked this machine out until \(until.formatted(.iso8601)): wait, or "
                + "delete the entry \"API-IP\" from its list of blocked addresses"
        case .refused(let operation, let code, let item):
            "the PBX refused \(operation.rawValue)\(item.map { " for \($0)" } ?? "") with code \(code)"
                + (code.remedy.map { ": \($0)" } ?? "")
        case .tooSlow(let operation, let reason):
            "the PBX's answer to \(operation.rawValue) comes too slowly (\(reason)): try again later, or allow for "
                + "a slow line with --message-timeout and --min-rate"
        case .gaveUp(let address, let time?, let reason):
            "the PBX at \(address) is given up, as nothing has come of any request for \(time.inWords) (the last: "
                + "\(reason)): try again later, or allow for more with --give-up-after"
        case .gaveUp(let address, nil, let reason):
            "the PBX at \(address) is given up, as \(reason): try again then, or allow for more with "
                + "--give-up-after"
        case .httpStatus(let operation, let status, _):
            "the PBX answered \(operation.rawValue) with HTTP status \(status): \(Self.remedy(ofStatus: status))"
        case .webPage(let operation):
            "the PBX answered \(operation.rawValue) with a web page: check its URL, and that its API is "
                + "enabled \(Self.apiSwitch)"
        case .xml(let operation):
            "the PBX answered \(operation.rawValue) in XML, and does not say why: give its family with "
                + "--pbx-family; an OpenVox wants to be called one"
        case .badAnswer(let operation, let reason):
            "the PBX's answer to \(operation.rawValue) makes no sense (\(reason)): check its URL and API "
                + "version, or try again"
        case .emptyBody(let operation):
            "the PBX's answer to \(operation.rawValue) is empty: try again later"
        case .tooLarge(let operation, let limit):
            "the PBX's answer to \(operation.rawValue) has more than \(limit) bytes: raise the limit if that "
                + "is right"
        case .cutShort(let operation, let expected?, let received):
            "the PBX's answer to \(operation.rawValue) ended after \(received) of \(expected) bytes: try "
                + "again later"
        case .cutShort(let operation, nil, let received):
            "the PBX's answer to \(operation.rawValue) broke off after \(received) bytes: try again later"
        case .redirected(let operation, let target?):
            "the PBX redirects \(operation.rawValue) elsewhere: use \(target) as its URL"
        case .redirected(let operation, nil):
            "the PBX redirects \(operation.rawValue) to an address that cannot be read: use the URL of its "
                + "web page"
        case .messageMoved(let listing):
            "\(listing.place) is no longer the message that was listed: list the mailbox again"
        case .ambiguousPlace(let listing):
            "\(listing.place) cannot be told from another message whose file has that name, as "
                + (listing.status == nil ? "no folder is named" : "the PBX lists both there")
                + ": listen to one of the two or delete it, and run again"
        case .inconsistentAudio(let listing, let attempts):
            "\(listing.place) was different in each of \(attempts) downloads, and never as long as listed: "
                + "try again when the mailbox is quiet"
        case .file(let path, let reason):
            "\(EscapedText.of(path, limit: 300)) cannot be written (\(reason)): check the folder and its "
                + "free space"
        }
    }
}

extension PBXError {
    /// Where the API is switched on, as far as that is known.
    private static let apiSwitch = "(on a Yeastar: Settings > PBX > General > API)"

    /// What a person can do about an HTTP status.
    private static func remedy(ofStatus status: Int) -> String {
        switch status {
        case 401:
            "it wants a login before its API is reached, so check the user name and password, and whether a proxy "
                + "stands before it"
        case 403: "allow this machine's address on the page of its API \(apiSwitch)"
        case 404, 405:
            "there is no API at this URL, so check its port and path, the API version, and that the API is enabled "
                + apiSwitch
        case 407: "the proxy wants a login, which belongs into HTTPS_PROXY (HTTP_PROXY for a PBX of http://)"
        case 408: "try again later, or allow for a slow line with --answer-timeout"
        case 429: "it is asked too often, so lower --pbx-requests or run less often"
        case 500: "it has a fault of its own, so try again later, and restart its API if that lasts"
        case 502, 503, 504:
            "its web server does not get through to its API, so try again later, and restart the PBX if that lasts"
        case 505...: "try again later"
        default: "check its URL and API version"
        }
    }
}

extension PBXErrorCode {
    /// What a person can do about the code; nil where that is not known.
    fileprivate var remedy: String? {
        switch self {
        case .unsupportedRequest: "try another API version"
        case .extensionMissing: "check the extension's number"
        case .allowedAddressInvalid: "check the allowed IP address"
        case .portInvalid, .parameterMissing: "try another API version"
        case .voicemailMissing: "list the mailbox again"
        case .serviceUnreachable, .serviceStopped: "restart the API service of the PBX"
        case .tooFrequent: "try again later"
        default: nil
        }
    }
}
