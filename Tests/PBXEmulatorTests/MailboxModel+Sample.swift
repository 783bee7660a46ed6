import PBXEmulator

extension MailboxModel {
    /// 1000 with three unread and one read message, 1001 empty, 1004 with one; the audio is the message's name.
    static var sample: MailboxModel {
        var model = MailboxModel()
        model.addExtension("1000")
        model.addExtension("1001")
        for (mailbox, folder, name) in [
            ("1000", Folder.inbox, "first"), ("1000", .inbox, "second"), ("1000", .inbox, "third"),
            ("1000", .old, "old"), ("1004", .inbox, "only"),
        ] {
            model.deliver(
                to: mailbox, folder: folder, date: "2020-01-02 18:00:0\(name.count)", caller: "2000",
                length: name.count, audio: Array(name.utf8))
        }
        return model
    }

    /// The names of the messages of a folder in the order of their numbers.
    func names(in mailbox: String, _ folder: Folder) -> [String] {
        messages(in: mailbox, folder: folder).map { String(decoding: $0.message.audio, as: UTF8.self) }
    }

    /// The file names of a folder.
    func files(in mailbox: String, _ folder: Folder) -> [String] {
        messages(in: mailbox, folder: folder).map(\.place.file)
    }

    func id(_ name: String) -> Message.ID? {
        for mailbox in extensions {
            for folder in Folder.allCases {
                for entry in messages(in: mailbox, folder: folder)
                where entry.message.audio == Array(name.utf8) {
                    return entry.message.id
                }
            }
        }
        return nil
    }
}
