internal import Foundation

/// The JSON of an answer, under the names that it has on the wire.
struct WireAnswer: Decodable {
    let outcome: String?
    let errno: String?
    let token: String?
    let refreshToken: String?
    let random: String?
    let `extension`: String?
    let file: String?
    let status: String?
    /// The mailboxes; nil for one that is none.
    let mailboxes: [Mailbox?]
    /// The serial number of the box.
    let serial: String?
    /// Whether there is a list of mailboxes, if only an empty one.
    let listsMailboxes: Bool
    /// Whether it is in the words of another API, that of Yeastar's P-Series.
    let isOfOtherAPI: Bool

    struct Device: Decodable {
        let serial: String?

        init(from decoder: any Decoder) throws {
            serial = try decoder.container(keyedBy: Key.self).lenientText(.sn)
        }
    }

    struct Mailbox: Decodable {
        let `extension`: String?
        /// The messages; nil for one that is none.
        let voicemails: [Voicemail?]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            `extension` = container.extensionNumber
            voicemails =
                try container.decodeIfPresent(LenientList<Voicemail>.self, forKey: .voicemail)?.elements ?? []
        }
    }

    struct Voicemail: Decodable {
        let `extension`: String?
        let status: String?
        let file: String?
        let caller: String?
        let date: String?
        let length: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            `extension` = container.extensionNumber
            status = container.lenientText(.voicemailstatus)
            file = container.lenientText(.voicemailfile)
            // A caller that is neither text nor number is one that cannot be read, and not none.
            let isUnreadable =
                container.contains(.messagefrom) && (try? container.decodeNil(forKey: .messagefrom)) == false
            caller = container.lenientText(.messagefrom) ?? (isUnreadable ? "\u{FFFD}" : nil)
            date = container.lenientText(.voicemaildate)
            length = container.lenientText(.voicemaillength)
        }
    }

    /// The words of the API.
    enum Key: String, CodingKey, CaseIterable {
        case status, errno, token, refreshtoken, random, extid, number, voicemails, voicemail
        case deviceinfo, sn
        case voicemailfile, voicemailstatus, voicemaildate, voicemaillength, messagefrom
        case errcode, errmsg
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        outcome = container.lenientText(.status)
        errno = container.lenientText(.errno)
        token = container.lenientText(.token)
        refreshToken = container.lenientText(.refreshtoken)
        random = container.lenientText(.random)
        `extension` = container.extensionNumber
        file = container.lenientText(.voicemailfile)
        status = container.lenientText(.voicemailstatus)
        serial =
            (try? container.decodeIfPresent(Device.self, forKey: .deviceinfo))?.serial
            ?? container.lenientText(.sn)
        listsMailboxes = container.contains(.voicemails)
        isOfOtherAPI = container.contains(.errcode) && container.contains(.errmsg)
        mailboxes =
            try container.decodeIfPresent(LenientList<Mailbox>.self, forKey: .voicemails)?.elements ?? []
    }

    /// Reads a refusal in XML, with which a box may answer whatever it takes for no JSON; nil for anything else.
    ///
    /// No page shows its form, so the words `status` and `errno` are looked for, as elements or attributes.
    init?(refusingInXML body: [UInt8]) {
        guard PBXAnswer.isMarkup(body), !PBXAnswer.isPage(body) else { return nil }
        let text = String(decoding: body.prefix(1 << 14), as: UTF8.self)
        func value(of name: String) -> String? {
            guard let place = text.range(of: name, options: .caseInsensitive) else { return nil }
            let rest = text[place.upperBound...].drop { $0.isWhitespace || "=>\"'".contains($0) }
            let value = rest.prefix { $0.isLetter || $0.isNumber }
            return value.isEmpty ? nil : String(value.prefix(20))
        }
        outcome = value(of: "status")
        errno = value(of: "errno")
        guard errno != nil || ["failed", "failure"].contains(outcome?.lowercased()) else { return nil }
        (token, refreshToken, random, `extension`, file, status) = (nil, nil, nil, nil, nil, nil)
        serial = nil
        (mailboxes, listsMailboxes, isOfOtherAPI) = ([], false, false)
    }

    /// True where what a request asks for is in the answer.
    func holdsAnswer(to operation: PBXOperation) -> Bool {
        switch operation {
        case .login, .refreshToken: token != nil
        case .voicemailQuery: listsMailboxes
        case .voicemailRandom: random != nil
        case .deviceQuery: serial != nil
        case .heartbeat, .logout, .otherAPI, .voicemailDownload: false
        }
    }
}

extension KeyedDecodingContainer<WireAnswer.Key> {
    /// `extid` in v1, `number` in v2; one box may not keep to its own version.
    fileprivate var extensionNumber: String? {
        lenientText(.extid) ?? lenientText(.number)
    }
}
