internal import Foundation

/// An answer of the API, read as leniently as the boxes are careless.
///
/// Scalars may be texts or integers, `voicemails` may be missing, null, empty, an object or an array, and
/// what is almost JSON is repaired first.
public struct PBXAnswer: Sendable {
    /// Whether the request was granted.
    public enum Outcome: Sendable, Hashable {
        /// It was granted.
        case success
        /// It was refused, with the code that was given.
        case failure(PBXErrorCode)
    }

    /// Whether the request was granted.
    public let outcome: Outcome
    /// The voicemails of the answer to a query, in the PBX's order.
    public let voicemails: [VoicemailListing]
    /// The entries of the answer to a query that cannot be read.
    public let unreadable: [UnreadableEntry]

    /// The extensions that a listing speaks of which is no JSON as a whole, or breaks off; nil for any other answer.
    let remainingExtensions: [String]?
    /// Whether it may have been cut off by chance: it cannot be read as a whole, or has no end.
    let isDoubtful: Bool
    let token: Secret?
    let refreshToken: Secret?
    let random: Secret?
    let `extension`: String?
    let file: String?
    let status: VoicemailStatus?
    /// The serial number of the box; any text.
    let serial: String?

    /// Reads the body of an answer.
    ///
    /// - Parameters:
    ///   - body: The bytes of the body; any bytes at all are safe.
    ///   - operation: The request that was answered.
    ///   - asked: The extension that was asked for, where it was a single one: it stands in where a mailbox
    ///     does not say whose it is.
    ///   - encoding: That of names.
    /// - Throws: `PBXError.emptyBody`, and `PBXError.webPage`, `xml`, `otherAPI` or `badAnswer` for what cannot be
    ///   understood.
    public init(
        _ body: [UInt8], operation: PBXOperation, extension asked: String? = nil,
        encoding: TextEncoding = .utf8
    ) throws(PBXError) {
        try self.init(
            body, operation: operation, extension: asked, encoding: encoding, hiding: KnownSecrets())
    }

    /// The same for a session, whose secrets are taken out of every text but those that are to be secrets.
    init(
        _ body: [UInt8], operation: PBXOperation, extension asked: String?, encoding: TextEncoding,
        hiding secrets: KnownSecrets
    ) throws(PBXError) {
        guard body.contains(where: { $0 > 0x20 }) else { throw .emptyBody(operation) }
        let text = WireText.utf8(body, as: encoding)
        if let (wire, form) = Self.decode(text) {
            // They may stand in the same answer once more.
            if operation.givesSecrets {
                for secret in [wire.token, wire.refreshToken, wire.random] {
                    secrets.add(secret.flatMap(Self.secret))
                }
            }
            let outcome = try Self.outcome(of: wire, operation: operation, hiding: secrets)
            var list = VoicemailList(wire.mailboxes, of: asked, areMended: form != .intact)
            var extensions: [String]?
            if operation == .voicemailQuery, outcome == .success, form == .mended(.open) {
                guard wire.listsMailboxes else { throw .badAnswer(operation, reason: "it breaks off") }
                list.noteMissingEnd(of: asked)
                extensions = list.voicemails.map(\.extension).withoutRepetitions
            }
            self.init(
                outcome, wire, list.hiding(secrets), remainingExtensions: extensions,
                isDoubtful: form == .mended(.open) || form == .mended(.brackets))
        } else if operation == .voicemailQuery, let remains = ListingRemains(text) {
            var list = VoicemailList(remains, of: asked)
            if remains.isOpen { list.noteMissingEnd(of: asked) }
            self.init(
                .success, nil, list.hiding(secrets), remainingExtensions: remains.extensions, isDoubtful: true
            )
        } else if Self.isPage(body) {
            throw .webPage(operation)
        } else if Self.isMarkup(body) {
            throw .xml(operation)
        } else {
            throw .badAnswer(operation, reason: "it is not the JSON of the API")
        }
    }

    private init(
        _ outcome: Outcome, _ wire: WireAnswer?, _ list: VoicemailList, remainingExtensions: [String]? = nil,
        isDoubtful: Bool
    ) {
        self.outcome = outcome
        voicemails = list.voicemails
        unreadable = list.unreadable
        self.remainingExtensions = remainingExtensions
        self.isDoubtful = isDoubtful
        token = wire?.token.flatMap(Self.secret)
        refreshToken = wire?.refreshToken.flatMap(Self.secret)
        random = wire?.random.flatMap(Self.secret)
        `extension` = wire?.extension
        file = wire?.file
        status = wire?.status.flatMap(Self.folder)
        serial = wire?.serial
    }

    /// True where as much, and the same, can be read of two listings.
    func hasSameRemains(as other: PBXAnswer) -> Bool {
        voicemails == other.voicemails && unreadable == other.unreadable
            && remainingExtensions == other.remainingExtensions
    }

    /// True where the bytes begin like a page for browsers.
    static func isPage(_ body: [UInt8]) -> Bool {
        let start = String(decoding: body.prefix(256), as: UTF8.self).lowercased()
        return isMarkup(body)
            && ["<!doctype", "<html", "<head", "<body", "<title", "<center", "<h1"].contains {
                start.contains($0)
            }
    }

    /// True where the bytes begin like a page for browsers, or like XML.
    static func isMarkup(_ body: [UInt8]) -> Bool {
        String(decoding: body.prefix(256), as: UTF8.self).unicodeScalars
            .first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" } == "<"
    }

    /// True where the bytes are an answer of the API, granted or refused.
    static func isAnswer(_ body: [UInt8]) -> Bool {
        guard let (wire, _) = decode(WireText.utf8(body, as: .utf8)) else { return false }
        return wire.outcome != nil || wire.errno != nil
    }

    /// True where the bytes are JSON, or almost, with an end, so that nothing of it is missing.
    static func isWhole(_ body: [UInt8], encoding: TextEncoding) -> Bool {
        switch decode(WireText.utf8(body, as: encoding))?.form {
        case .intact?, .mended(.whole)?: true
        default: false
        }
    }

    /// What a text had to go through to be read.
    private enum Form: Equatable {
        case intact
        case mended(AlmostJSON.Repair.End)
        case xml
    }

    /// Reads a text of UTF-8.
    private static func decode(_ text: [UInt8]) -> (wire: WireAnswer, form: Form)? {
        let decoder = JSONDecoder()
        if !AlmostJSON.isCareless(text), let wire = try? decoder.decode(WireAnswer.self, from: Data(text)) {
            return (wire, .intact)
        }
        if let repair = AlmostJSON.repaired(text),
            let wire = try? decoder.decode(WireAnswer.self, from: Data(repair.text))
        {
            return (wire, .mended(repair.end))
        }
        return WireAnswer(refusingInXML: text).map { ($0, .xml) }
    }

    private static func outcome(
        of wire: WireAnswer, operation: PBXOperation, hiding secrets: KnownSecrets
    ) throws(PBXError) -> Outcome {
        func quoted(_ text: String) -> String {
            "\"\(EscapedText.of(secrets.hidden(in: text), limit: 40))\""
        }
        // "Failure" stands in one table of an old guide, "Failed" in all samples; a code alone refuses as
        // well.
        if let errno = wire.errno, !errno.isEmpty {
            if let code = Int(errno), code != 0 { return .failure(PBXErrorCode(rawValue: code)) }
            if Int(errno) == nil {
                throw .badAnswer(operation, reason: "its error code is \(quoted(errno))")
            }
        }
        if wire.isOfOtherAPI, wire.outcome == nil { throw .otherAPI(operation) }
        switch wire.outcome?.lowercased() {
        case "success": return .success
        case "failed", "failure":
            // To try a login again that may have been refused for its password could lock this machine out.
            if operation == .login { return .failure(.missing) }
            throw .badAnswer(operation, reason: "it failed without an error code")
        case let status?:
            throw .badAnswer(operation, reason: "its status is \(quoted(status))")
        // What was asked for is there: some of the pages print such an answer.
        case nil where wire.holdsAnswer(to: operation): return .success
        case nil: throw .badAnswer(operation, reason: "it has no status")
        }
    }

    /// The folder of a status; a blank one names none.
    fileprivate static func folder(_ status: String) -> VoicemailStatus? {
        status.allSatisfy(\.isWhitespace) ? nil : VoicemailStatus(rawValue: status)
    }

    private static func secret(_ text: String) -> Secret? {
        text.isEmpty ? nil : Secret(text)
    }
}

extension VoicemailList {
    /// What the mailboxes of an answer list.
    fileprivate init(_ mailboxes: [WireAnswer.Mailbox?], of asked: String?, areMended: Bool) {
        for (index, mailbox) in mailboxes.enumerated() {
            guard let mailbox else {
                note(nil, at: index, reason: "it is no mailbox")
                continue
            }
            for (index, entry) in mailbox.voicemails.enumerated() {
                add(entry, at: index, of: mailbox.extension ?? asked, isMended: areMended)
            }
        }
    }

    /// What remains of a listing of one mailbox; of several, nobody can tell in which an entry stands.
    fileprivate init(_ remains: ListingRemains, of asked: String?) {
        guard asked != nil else { return }
        for (index, entry) in remains.entries.enumerated() {
            switch entry {
            case .voicemail(let voicemail): add(voicemail, at: index, of: asked, isMended: true)
            case .unreadable(let file, let rest):
                note(asked, at: index, file: file, of: rest, reason: "it is not JSON")
            }
        }
    }

    /// Takes note that a listing has no end, so that there may be more messages.
    mutating func noteMissingEnd(of mailbox: String?) {
        unreadable.append(
            UnreadableEntry(extension: mailbox, position: nil, file: nil, reason: "it breaks off"))
    }

    /// Takes over an entry of a mailbox, or tells why it cannot be.
    fileprivate mutating func add(
        _ entry: WireAnswer.Voicemail?, at index: Int, of mailbox: String?, isMended: Bool
    ) {
        guard let entry else { return note(mailbox, at: index, reason: "it is no message") }
        let file = entry.file.flatMap { $0.isEmpty ? nil : $0 }
        guard let number = entry.extension ?? mailbox else {
            return note(
                nil, at: index, file: file, of: Self.listing(entry, of: "", file: ""),
                reason: "it names no extension")
        }
        let message = Self.listing(entry, of: number, file: file ?? "")
        guard let file else {
            note(number, at: index, of: message, reason: "it has no file name")
            // In a mended listing the name may have gone into another value.
            unreadable[unreadable.count - 1].isNameless = !isMended
            return
        }
        // Where a mark was not escaped, one value may have swallowed others.
        let texts = [number, file, entry.caller, entry.date, entry.length, entry.status].compactMap { $0 }
        if isMended, texts.contains(where: WireAnswer.Key.isNamed) {
            return note(
                number, at: index, file: String(file.prefix { $0 != "\"" }), of: message,
                reason: "a quotation mark in it is not escaped")
        }
        // Or what follows them was torn off into another object.
        if isMended, entry.date == nil {
            return note(number, at: index, file: file, of: message, reason: "it has no date")
        }
        voicemails.append(message)
    }

    private static func listing(
        _ entry: WireAnswer.Voicemail, of mailbox: String, file: String
    ) -> VoicemailListing {
        VoicemailListing(
            extension: mailbox, status: entry.status.flatMap(PBXAnswer.folder), file: file,
            caller: entry.caller ?? "", date: entry.date ?? "", length: entry.length ?? "")
    }

    /// The list without secrets that a box has put into it.
    fileprivate func hiding(_ secrets: KnownSecrets) -> VoicemailList {
        var list = self
        list.voicemails = voicemails.map { $0.hiding(secrets) }
        list.unreadable = unreadable.map { entry in
            UnreadableEntry(
                extension: entry.extension.map(secrets.hidden), position: entry.position,
                file: entry.file.map(secrets.hidden), reason: entry.reason,
                message: entry.message?.hiding(secrets), isNameless: entry.isNameless)
        }
        return list
    }

    fileprivate mutating func note(
        _ mailbox: String?, at index: Int, file: String? = nil, of message: VoicemailListing? = nil,
        reason: String
    ) {
        // Of its place nothing counts: files are renumbered, and entries move up.
        var message =
            message
            ?? VoicemailListing(
                extension: "", status: nil, file: "", caller: "\u{FFFD}", date: "", length: "")
        (message.extension, message.status, message.file) = (mailbox ?? "", nil, "")
        unreadable.append(
            UnreadableEntry(
                extension: mailbox, position: index + 1, file: file, reason: reason, message: message))
    }
}

extension WireAnswer.Key {
    /// Whether one of the API's words stands in quotation marks in a text.
    fileprivate static func isNamed(in text: String) -> Bool {
        text.contains("\"") && allCases.contains { text.contains("\"\($0.rawValue)\"") }
    }
}

extension VoicemailListing {
    fileprivate func hiding(_ secrets: KnownSecrets) -> VoicemailListing {
        VoicemailListing(
            extension: secrets.hidden(in: self.extension),
            status: status.map { VoicemailStatus(rawValue: secrets.hidden(in: $0.rawValue)) },
            file: secrets.hidden(in: file), caller: secrets.hidden(in: caller),
            date: secrets.hidden(in: date),
            length: secrets.hidden(in: length))
    }
}
