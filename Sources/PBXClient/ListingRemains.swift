internal import Foundation

/// What can be read of a listing that is no JSON as a whole: each object of it by itself.
///
/// The name of a caller may hold what no repair gets over. It must not keep the other messages on the box.
struct ListingRemains {
    /// A message, or the name of its file and what else can be seen of it.
    enum Entry {
        case voicemail(WireAnswer.Voicemail)
        case unreadable(file: String?, VoicemailListing)
    }

    /// The objects that are messages, in their order.
    let entries: [Entry]
    /// Every extension that the listing speaks of, once each.
    let extensions: [String]
    /// Whether the text does not end as a listing does, so that more may have been cut off.
    let isOpen: Bool

    /// The words that show that an object is a message, in quotation marks.
    private static let entryKeys = [
        WireAnswer.Key.voicemailfile, .voicemaildate, .voicemaillength, .voicemailstatus, .messagefrom,
    ].map { Array("\"\($0.rawValue)\"".utf8) }

    /// Takes a listing apart; nil where it is none that was granted.
    ///
    /// - Parameter text: The listing in UTF-8.
    init?(_ text: [UInt8]) {
        guard Self.values(of: .status, in: text, limit: 1).first?.lowercased() == "success",
            Self.values(of: .errno, in: text, limit: 1).isEmpty
        else { return nil }
        extensions =
            (Self.values(of: .extid, in: text) + Self.values(of: .number, in: text))
            .filter(PBXSession.isExtension).withoutRepetitions
        let decoder = JSONDecoder()
        entries = text.split(separator: UInt8(ascii: "{")).compactMap { piece in
            guard Self.entryKeys.contains(where: { piece.firstRange(of: $0) != nil }) else { return nil }
            func value(_ key: WireAnswer.Key) -> String? {
                Self.values(of: key, in: Array(piece), limit: 1).first
            }
            let file = value(.voicemailfile)
            let object = AlmostJSON.repaired([UInt8(ascii: "{")] + piece)
            let voicemail = object.flatMap {
                try? decoder.decode(WireAnswer.Voicemail.self, from: Data($0.text))
            }
            return voicemail.map(Entry.voicemail)
                ?? .unreadable(
                    file: file == "" ? nil : file,
                    VoicemailListing(
                        extension: "", status: nil, file: "", caller: value(.messagefrom) ?? "\u{FFFD}",
                        date: value(.voicemaildate) ?? "", length: value(.voicemaillength) ?? ""))
        }
        if extensions.isEmpty && entries.isEmpty { return nil }
        isOpen = text.last { $0 > 0x20 } != UInt8(ascii: "}")
    }

    /// The values behind a key wherever it stands, whatever is around it.
    private static func values(of key: WireAnswer.Key, in text: [UInt8], limit: Int = .max) -> [String] {
        let name = Array("\"\(key.rawValue)\"".utf8)
        var values: [String] = []
        var rest = text[...]
        while values.count < limit, let range = rest.firstRange(of: name) {
            rest = rest[range.upperBound...]
            var value = rest.drop { $0 <= 0x20 }
            guard value.first == UInt8(ascii: ":") else { continue }
            value = value.dropFirst().drop { $0 <= 0x20 }
            let isQuoted = value.first == UInt8(ascii: "\"")
            let end: (UInt8) -> Bool =
                isQuoted ? { $0 == UInt8(ascii: "\"") } : { $0 <= 0x20 || ",}]".utf8.contains($0) }
            value = (isQuoted ? value.dropFirst() : value).prefix(256).prefix { !end($0) }
            values.append(String(decoding: value, as: UTF8.self))
        }
        return values
    }
}
