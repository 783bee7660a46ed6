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
    let mailboxes: [Mailbox]

    struct Mailbox: Decodable {
        let `extension`: String?
        let voicemails: [Voicemail]

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
            caller = container.lenientText(.messagefrom)
            date = container.lenientText(.voicemaildate)
            length = container.lenientText(.voicemaillength)
        }
    }

    enum Key: String, CodingKey {
        case status, errno, token, refreshtoken, random, extid, number, voicemails, voicemail
        case voicemailfile, voicemailstatus, voicemaildate, voicemaillength, messagefrom
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
        mailboxes =
            try container.decodeIfPresent(LenientList<Mailbox>.self, forKey: .voicemails)?.elements ?? []
    }
}

extension KeyedDecodingContainer<WireAnswer.Key> {
    /// `extid` in v1, `number` in v2; one box may not keep to its own version.
    fileprivate var extensionNumber: String? {
        lenientText(.extid) ?? lenientText(.number)
    }
}
