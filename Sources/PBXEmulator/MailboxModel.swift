/// The mailboxes of a PBX: extensions, each with a folder of unread and one of read messages.
///
/// A message has a hidden identity, which the API never shows, and a place (extension, folder, number), which
/// is all that the API shows and which changes whenever a message before it is deleted or heard.
public struct MailboxModel: Sendable {
    /// A folder of a mailbox; the raw value is the API's `voicemailstatus`.
    public enum Folder: String, Sendable, Hashable, CaseIterable {
        /// INBOX: messages nobody has heard.
        case inbox = "unread"
        /// Old: messages that were heard and kept.
        case old = "read"
    }

    /// A recorded message.
    public struct Message: Sendable, Hashable, Identifiable {
        /// The hidden identity, counted from 1 and never reused in one model.
        public let id: Int
        /// When the message was left, `yyyy-MM-dd HH:mm:ss` in the PBX's local time.
        public var date: String
        /// The caller's number as listed.
        public var caller: String
        /// The listed length in seconds, which need not agree with the audio.
        public var length: Int
        /// The bytes of the file, which need not be a valid WAV file.
        public var audio: [UInt8]
    }

    /// Where a message is at the moment.
    public struct Place: Sendable, Hashable {
        /// The extension whose mailbox it is.
        public let mailbox: String
        /// The folder.
        public let folder: Folder
        /// The number in the folder, from 0.
        public let number: Int

        /// The file name that follows from the number, such as `msg0003.wav`.
        public var file: String { MailboxModel.fileName(of: number) }
    }

    /// The extensions in the order in which they were added.
    public private(set) var extensions: [String] = []

    /// Messages a folder can hold; a full folder refuses deliveries and moves.
    public let folderCapacity: Int

    private var folders: [String: [Folder: MessageFolder]] = [:]
    private var lastID = 0

    /// Makes a PBX without extensions.
    ///
    /// Asterisk loses track of messages numbered above 9999, hence the default capacity.
    public init(folderCapacity: Int = 9999) {
        self.folderCapacity = folderCapacity
    }

    /// Adds an extension with an empty mailbox; one that exists is left alone.
    public mutating func addExtension(_ number: String) {
        guard folders[number] == nil else { return }
        extensions.append(number)
        folders[number] = [:]
    }

    /// Removes an extension with its mailbox.
    public mutating func removeExtension(_ number: String) {
        extensions.removeAll { $0 == number }
        folders[number] = nil
    }

    /// Whether there is such an extension.
    public func hasExtension(_ number: String) -> Bool { folders[number] != nil }

    /// Files a new message behind the last one of a folder, adding the extension where it is new.
    ///
    /// - Returns: The identity of the message, or nil where the folder is full.
    @discardableResult
    public mutating func deliver(
        to mailbox: String, folder: Folder = .inbox, date: String, caller: String, length: Int, audio: [UInt8]
    ) -> Message.ID? {
        addExtension(mailbox)
        guard self[mailbox, folder].count < folderCapacity else { return nil }
        lastID += 1
        self[mailbox, folder].append(
            Message(id: lastID, date: date, caller: caller, length: length, audio: audio))
        return lastID
    }

    /// The messages of a folder with their places, in the order of their numbers.
    public func messages(in mailbox: String, folder: Folder) -> [(place: Place, message: Message)] {
        let content = self[mailbox, folder]
        return content.numbers.compactMap { number in
            content[number].map { (Place(mailbox: mailbox, folder: folder, number: number), $0) }
        }
    }

    /// The message that has a file name at the moment.
    public func message(in mailbox: String, folder: Folder, file: String) -> Message? {
        Self.number(of: file).flatMap { self[mailbox, folder][$0] }
    }

    /// The place of a message at the moment, nil once it is deleted.
    public func place(of id: Message.ID) -> Place? {
        for mailbox in extensions {
            for folder in Folder.allCases {
                if let number = self[mailbox, folder].number(of: id) {
                    return Place(mailbox: mailbox, folder: folder, number: number)
                }
            }
        }
        return nil
    }

    /// Whether a folder of the mailbox has gaps that its next opening will close.
    public func isStale(_ mailbox: String) -> Bool {
        Folder.allCases.contains { self[mailbox, $0].isStale }
    }

    /// Opens a mailbox: closes the gaps of its folders, which renames every message behind a gap.
    public mutating func open(_ mailbox: String) {
        guard hasExtension(mailbox) else { return }
        for folder in Folder.allCases { self[mailbox, folder].resequence() }
    }

    /// Deletes a message.
    ///
    /// - Parameters:
    ///   - id: The message.
    ///   - closingGap: Whether the messages behind it are renumbered at once, as at the end of a call to the
    ///     mailbox; otherwise the gap stays until the mailbox is next opened, as after a deletion on the
    ///     disk.
    /// - Returns: Whether the message was there.
    @discardableResult
    public mutating func delete(_ id: Message.ID, closingGap: Bool = true) -> Bool {
        guard let place = place(of: id) else { return false }
        _ = self[place.mailbox, place.folder].remove(place.number)
        if closingGap { open(place.mailbox) }
        return true
    }

    /// Hears a message: moves it from INBOX to the first free number of Old.
    ///
    /// - Returns: Whether it moved; false where it is not in INBOX, or Old is full.
    @discardableResult
    public mutating func listen(to id: Message.ID, closingGap: Bool = true) -> Bool {
        move(id, from: .inbox, to: .old, closingGap: closingGap)
    }

    /// Marks a message unread: moves it from Old to the first free number of INBOX.
    ///
    /// - Returns: Whether it moved; false where it is not in Old, or INBOX is full.
    @discardableResult
    public mutating func markUnread(_ id: Message.ID, closingGap: Bool = true) -> Bool {
        move(id, from: .old, to: .inbox, closingGap: closingGap)
    }

    private mutating func move(_ id: Message.ID, from: Folder, to: Folder, closingGap: Bool) -> Bool {
        guard let place = place(of: id), place.folder == from,
            self[place.mailbox, to].count < folderCapacity,
            let message = self[place.mailbox, from].remove(place.number)
        else { return false }
        self[place.mailbox, to].fillFirstGap(with: message)
        if closingGap { open(place.mailbox) }
        return true
    }

    private subscript(mailbox: String, folder: Folder) -> MessageFolder {
        get { folders[mailbox]?[folder] ?? MessageFolder() }
        set { folders[mailbox]?[folder] = newValue }
    }

    /// The file name that a number in a folder gives, `msg` and at least four digits.
    static func fileName(of number: Int) -> String {
        let digits = String(number)
        return "msg" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".wav"
    }

    private static func number(of file: String) -> Int? {
        guard file.hasPrefix("msg"), file.hasSuffix(".wav"), let number = Int(file.dropFirst(3).dropLast(4)),
            fileName(of: number) == file
        else { return nil }
        return number
    }
}
