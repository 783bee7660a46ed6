/// The folder in which a voicemail lies: what the API calls its status.
///
/// The same file name can exist in both folders, for two different messages.
public struct VoicemailStatus: RawRepresentable, Sendable, Hashable {
    /// The word that the PBX uses, in lower case.
    public let rawValue: String

    /// Takes a word over; `Read` and `read` are the same folder.
    public init(rawValue: String) {
        self.rawValue = rawValue.lowercased()
    }

    /// The message has been listened to.
    public static let read = VoicemailStatus(rawValue: "read")
    /// The message is new.
    public static let unread = VoicemailStatus(rawValue: "unread")
}

/// One voicemail as the PBX lists it.
///
/// Every text is the PBX's own, unchanged: it may hold anything, and must not become a path or reach a
/// terminal as it is. `status` and `file` say where the message lies now, and change when messages are heard
/// or deleted; `date`, `caller` and `length` belong to the message.
public struct VoicemailListing: Sendable, Hashable {
    /// The extension whose mailbox holds the message.
    public var `extension`: String
    /// The folder; nil where the PBX names none.
    public var status: VoicemailStatus?
    /// The name of the file in its folder, such as `msg0000.wav`.
    public var file: String
    /// The caller as listed: a number, a name, or nothing.
    public var caller: String
    /// When the message was left, as listed: `yyyy-MM-dd HH:mm:ss` in the PBX's own time zone.
    public var date: String
    /// How long the message is, as listed: a number of seconds.
    public var length: String

    /// Makes a listing from its parts.
    public init(
        extension: String, status: VoicemailStatus?, file: String, caller: String, date: String,
        length: String
    ) {
        self.extension = `extension`
        self.status = status
        self.file = file
        self.caller = caller
        self.date = date
        self.length = length
    }

    /// The listed length in whole seconds; nil where it is none.
    ///
    /// The manual has whole seconds only; fractions and clock times (`00:00:42`, `0:42`) are understood too.
    public var seconds: Int? {
        let parts = length.trimmingPrefix(while: \.isWhitespace).split(
            separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        var total = 0.0
        for part in parts {
            let text = part.prefix { !$0.isWhitespace }
            guard (1...9).contains(text.utf8.count),
                text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }),
                let number = Double(text)
            else { return nil }
            total = total * 60 + number
        }
        return Int(total.rounded())
    }

    /// True when both are at the same place: extension, folder and file name.
    public func isAtSamePlace(as other: VoicemailListing) -> Bool {
        self.extension == other.extension && status == other.status && file == other.file
    }

    /// True when nothing tells the two messages apart, wherever they lie: extension, date, caller and length.
    public func isSameMessage(as other: VoicemailListing) -> Bool {
        self.extension == other.extension && date == other.date && caller == other.caller
            && length == other.length
    }

    /// The place, for a sentence: folder, file and extension, made safe to print.
    var place: String {
        let folder = status.map { EscapedText.of($0.rawValue, limit: 20) + "/" } ?? ""
        return "\(folder)\(EscapedText.of(file)) of extension \(EscapedText.of(self.extension, limit: 40))"
    }
}

/// An entry of a listing that cannot be read, so that its message cannot be asked for.
public struct UnreadableEntry: Sendable, Hashable {
    /// The extension in whose mailbox it stands; nil where that cannot be read either.
    public let `extension`: String?
    /// Its place in the mailbox, or in the listing where it has no extension, from 1; nil where none of a mailbox can
    /// be read.
    public let position: Int?
    /// The name of its file, where that can be read.
    public let file: String?
    /// Why it cannot be read, in a few words.
    public let reason: String
    /// The message that it stands for, without its file, as far as that can be read, so that it can be counted; nil where
    /// none of a mailbox can be read, or each answer has been another one.
    public var message: VoicemailListing?
    /// Whether the name of the file alone is missing: then it is known which message cannot be had.
    public var isNameless = false
}

extension UnreadableEntry: CustomStringConvertible {
    /// One sentence that names the entry, without its caller.
    public var description: String {
        let mailbox = self.extension.map { "extension \(EscapedText.of($0, limit: 40))" }
        guard let position else {
            let listing = mailbox.map { "the listing of \($0)" } ?? "the listing"
            return "\(listing) cannot be read to its end, as \(reason): look at its messages on the PBX"
        }
        let name = file.map { " (\(EscapedText.of($0)))" } ?? ""
        return
            "entry \(position) of \(mailbox ?? "the listing")\(name) cannot be read, as \(reason): look at the "
            + "message on the PBX"
    }
}

/// What a PBX lists.
public struct VoicemailList: Sendable, Hashable {
    /// The messages, in the order of the PBX.
    public var voicemails: [VoicemailListing] = []
    /// The entries that cannot be read; where there are any, messages may lie on the box that are not listed here.
    public var unreadable: [UnreadableEntry] = []
    /// Extensions that were asked for by name, beside others, and that the PBX does not know.
    public var missingExtensions: [String] = []
}

/// Which mailboxes to list.
public enum MailboxSelection: Sendable, Hashable {
    /// Every mailbox of the PBX.
    case all
    /// The mailboxes of these extensions.
    case extensions([String])
}
