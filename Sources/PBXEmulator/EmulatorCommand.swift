internal import Foundation

/// Something to be done to a running emulator, as a line of text that a person types.
public enum EmulatorCommand: Sendable, Hashable {
    /// Lists all messages with their places.
    case list
    /// Leaves a new message for an extension: the file given, or else generated speech.
    case deliver(mailbox: String, path: String?)
    /// Hears an unread message.
    case listen(mailbox: String, file: String)
    /// Marks a read message unread.
    case unread(mailbox: String, file: String)
    /// Deletes a message.
    case delete(mailbox: String, folder: MailboxModel.Folder, file: String)
    /// Switches a fault on.
    case fault(EmulatorFault)
    /// Switches all faults off.
    case clear

    /// What can be typed, one line each.
    public static let usage = """
        list                            show all messages
        deliver EXTENSION [FILE]        leave a new message: FILE or made-up speech
        listen EXTENSION MSGNNNN.WAV    hear an unread message
        unread EXTENSION MSGNNNN.WAV    mark a read message unread
        delete EXTENSION unread|read MSGNNNN.WAV
        fault ACTION[-REQUEST][=VALUE][:COUNT]
        clear                           switch all faults off
        """

    /// Reads a command.
    ///
    /// Throws `EmulatorCommandError` where the text is none.
    public init(parsing text: String) throws(EmulatorCommandError) {
        let words = text.split(maxSplits: 3, whereSeparator: \.isWhitespace).map(String.init)
        switch (words.first, words.count) {
        case ("list", 1): self = .list
        case ("clear", 1): self = .clear
        case ("deliver", 2): self = .deliver(mailbox: words[1], path: nil)
        case ("deliver", 3...): self = .deliver(mailbox: words[1], path: words[2...].joined(separator: " "))
        case ("listen", 3): self = .listen(mailbox: words[1], file: words[2])
        case ("unread", 3): self = .unread(mailbox: words[1], file: words[2])
        case ("delete", 4):
            guard let folder = MailboxModel.Folder(rawValue: words[2]) else { throw .unknown(text) }
            self = .delete(mailbox: words[1], folder: folder, file: words[3])
        case ("fault", 2):
            do {
                self = .fault(try EmulatorFault(parsing: words[1]))
            } catch {
                throw .fault(error)
            }
        default: throw .unknown(text)
        }
    }
}

/// Why a command could not be read or done.
public enum EmulatorCommandError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is no command.
    case unknown(String)
    /// The text names no fault.
    case fault(EmulatorFaultSyntaxError)
    /// There is no such message.
    case noSuchMessage(mailbox: String, file: String)
    /// The folder that the message would go to is full.
    case folderFull(mailbox: String)
    /// The file cannot be read.
    case unreadable(path: String)

    /// Says what is wrong and what to do.
    public var description: String {
        switch self {
        case .unknown(let text):
            "“\(text)” is no command: write list, deliver, listen, unread, delete, fault or clear with what belongs to it."
        case .fault(let error): error.description
        case .noSuchMessage(let mailbox, let file):
            "Extension \(mailbox) has no \(file) in that folder: type “list” to see the names as they are now."
        case .folderFull(let mailbox): "The folder of extension \(mailbox) is full: delete a message first."
        case .unreadable(let path): "“\(path)” cannot be read: check that it exists and that you may read it."
        }
    }
}

extension PBXEmulator {
    /// Does what a command says.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - date: The date of a new message, `yyyy-MM-dd HH:mm:ss`; nil for the present in the machine's time zone.
    /// - Returns: What to show, without a line break at the end; empty where there is nothing to show.
    /// - Throws: `EmulatorCommandError` where there is no such message or file, or no room.
    public func perform(
        _ command: EmulatorCommand, date: String? = nil
    ) async throws(EmulatorCommandError) -> String {
        switch command {
        case .list:
            return Self.listing(of: await mailboxes)
        case .fault(let fault):
            await inject(fault)
        case .clear:
            await removeFaults()
        case .deliver(let mailbox, let path):
            try await deliver(to: mailbox, path: path, date: date ?? Self.presentDate())
        case .listen(let mailbox, let file):
            try await change(mailbox, .inbox, file) { model, id in model.listen(to: id) }
        case .unread(let mailbox, let file):
            try await change(mailbox, .old, file) { model, id in model.markUnread(id) }
        case .delete(let mailbox, let folder, let file):
            try await change(mailbox, folder, file) { model, id in model.delete(id) }
        }
        return ""
    }

    private func change(
        _ mailbox: String, _ folder: MailboxModel.Folder, _ file: String,
        _ change: @Sendable (inout MailboxModel, MailboxModel.Message.ID) -> Bool
    ) async throws(EmulatorCommandError) {
        let isDone = await mutate { model -> Bool? in
            guard let id = model.message(in: mailbox, folder: folder, file: file)?.id else { return nil }
            return change(&model, id)
        }
        guard let isDone else { throw .noSuchMessage(mailbox: mailbox, file: file) }
        if !isDone { throw .folderFull(mailbox: mailbox) }
    }

    private func deliver(to mailbox: String, path: String?, date: String) async throws(EmulatorCommandError) {
        var audio: [UInt8]?
        if let path {
            guard let content = FileManager.default.contents(atPath: path) else {
                throw .unreadable(path: path)
            }
            audio = Array(content)
        }
        let given = audio
        let id = await mutate { model in
            let count = model.messages(in: mailbox, folder: .inbox).count
            var speaker = SpeechGenerator(
                seed: UInt64(truncatingIfNeeded: date.utf8.reduce(count) { $0 &* 31 &+ Int($1) }))
            let rate = SpeechGenerator.sampleRate
            let bytes =
                given
                ?? WaveComposer.file(samples: speaker.speak(seconds: 6), sampleRate: rate, encoding: .pcm16)
            return model.deliver(
                to: mailbox, date: date, caller: "2000", length: WaveEstimate(bytes)?.seconds ?? 0,
                audio: bytes)
        }
        if id == nil { throw .folderFull(mailbox: mailbox) }
    }

    private static func listing(of model: MailboxModel) -> String {
        let lines = model.extensions.flatMap { mailbox in
            MailboxModel.Folder.allCases.flatMap { folder in
                model.messages(in: mailbox, folder: folder).map { place, message in
                    "\(mailbox) \(folder.rawValue) \(place.file)  \(message.date)  \(message.caller)  \(message.length) s  "
                        + "\(message.audio.count) bytes"
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func presentDate() -> String {
        let parts = Calendar(identifier: .gregorian).dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: .now)
        let numbers = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second].map {
            number in
            let digits = String(number ?? 0)
            return digits.count < 2 ? "0" + digits : digits
        }
        return numbers[0...2].joined(separator: "-") + " " + numbers[3...5].joined(separator: ":")
    }
}
