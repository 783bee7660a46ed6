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
    /// How many entries were listed without a file name, and so cannot be asked for.
    public let namelessVoicemails: Int

    let token: Secret?
    let refreshToken: Secret?
    let random: Secret?
    let `extension`: String?
    let file: String?
    let status: VoicemailStatus?

    /// Reads the body of an answer.
    ///
    /// - Parameters:
    ///   - body: The bytes of the body; any bytes at all are safe.
    ///   - operation: The request that was answered.
    ///   - asked: The extension that was asked for, where it was a single one: it stands in where a mailbox
    ///     does not say whose it is.
    /// - Throws: `PBXError.emptyBody`, and `PBXError.webPage`, `xml` or `badAnswer` for what cannot be understood.
    public init(_ body: [UInt8], operation: PBXOperation, extension asked: String? = nil) throws(PBXError) {
        guard body.contains(where: { $0 > 0x20 }) else { throw .emptyBody(operation) }
        guard let wire = Self.decode(body) ?? WireAnswer(refusingInXML: body) else {
            if Self.isPage(body) { throw .webPage(operation) }
            if Self.isMarkup(body) { throw .xml(operation) }
            throw .badAnswer(operation, reason: "it is not the JSON of the API")
        }
        outcome = try Self.outcome(of: wire, operation: operation)
        token = wire.token.flatMap(Self.secret)
        refreshToken = wire.refreshToken.flatMap(Self.secret)
        random = wire.random.flatMap(Self.secret)
        `extension` = wire.extension
        file = wire.file
        status = wire.status.flatMap(Self.folder)
        var voicemails: [VoicemailListing] = []
        var nameless = 0
        for mailbox in wire.mailboxes {
            for entry in mailbox.voicemails {
                guard let file = entry.file, !file.isEmpty,
                    let number = entry.extension ?? mailbox.extension ?? asked
                else {
                    nameless += 1
                    continue
                }
                voicemails.append(
                    VoicemailListing(
                        extension: number, status: entry.status.flatMap(Self.folder), file: file,
                        caller: entry.caller ?? "", date: entry.date ?? "", length: entry.length ?? ""))
            }
        }
        self.voicemails = voicemails
        namelessVoicemails = nameless
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
        guard let wire = decode(body) ?? WireAnswer(refusingInXML: body) else { return false }
        return wire.outcome != nil || wire.errno != nil
    }

    private static func decode(_ body: [UInt8]) -> WireAnswer? {
        let decoder = JSONDecoder()
        if let answer = try? decoder.decode(WireAnswer.self, from: Data(body)) { return answer }
        guard let repaired = AlmostJSON.repaired(body) else { return nil }
        return try? decoder.decode(WireAnswer.self, from: Data(repaired))
    }

    private static func outcome(of wire: WireAnswer, operation: PBXOperation) throws(PBXError) -> Outcome {
        // "Failure" stands in one table of an old guide, "Failed" in all samples; a code alone refuses as
        // well.
        if let errno = wire.errno, !errno.isEmpty {
            if let code = Int(errno), code != 0 { return .failure(PBXErrorCode(rawValue: code)) }
            if Int(errno) == nil {
                throw .badAnswer(
                    operation, reason: "its error code is \"\(EscapedText.of(errno, limit: 40))\"")
            }
        }
        switch wire.outcome?.lowercased() {
        case "success": return .success
        case "failed", "failure":
            // To try a login again that may have been refused for its password could lock this machine out.
            if operation == .login { return .failure(.missing) }
            throw .badAnswer(operation, reason: "it failed without an error code")
        case let status?:
            throw .badAnswer(operation, reason: "its status is \"\(EscapedText.of(status, limit: 40))\"")
        // What was asked for is there: some of the pages print such an answer.
        case nil where wire.holdsAnswer(to: operation): return .success
        case nil: throw .badAnswer(operation, reason: "it has no status")
        }
    }

    /// The folder of a status; a blank one names none.
    private static func folder(_ status: String) -> VoicemailStatus? {
        status.allSatisfy(\.isWhitespace) ? nil : VoicemailStatus(rawValue: status)
    }

    private static func secret(_ text: String) -> Secret? {
        text.isEmpty ? nil : Secret(text)
    }
}
