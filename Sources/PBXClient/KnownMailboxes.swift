internal import Synchronization

/// The mailboxes as a session has seen them, to tell what has changed meanwhile.
final class KnownMailboxes: Sendable {
    private struct Mailbox {
        /// As it was last listed.
        var latest: [VoicemailListing]
        /// Whether it has ever been listed otherwise.
        var hasChanged = false
    }

    private let mailboxes = Mutex<[String: Mailbox]>([:])
    private let doubtful = Mutex<[MailboxSelection: PBXAnswer]>([:])

    /// The last answer for some mailboxes that may have been cut by chance; nil where none was.
    func lastDoubtful(_ selection: MailboxSelection) -> PBXAnswer? {
        doubtful.withLock { $0[selection] }
    }

    /// Keeps such an answer, so that the next one like it shows that the box writes so.
    func noteDoubtful(_ answer: PBXAnswer, _ selection: MailboxSelection) {
        doubtful.withLock { $0[selection] = answer }
    }

    /// Takes note of a listing.
    func note(_ listings: [VoicemailListing]) {
        let listed = Dictionary(grouping: listings, by: \.extension)
        mailboxes.withLock { mailboxes in
            for (number, listings) in listed {
                let known = mailboxes[number]
                let isSame = known.map { Set($0.latest) == Set(listings) } ?? true
                mailboxes[number] = Mailbox(
                    latest: listings, hasChanged: !isSame || (known?.hasChanged ?? false))
            }
        }
    }

    /// A mailbox as it was last listed; nil where it has not been, or was empty.
    func latest(of number: String) -> [VoicemailListing]? {
        mailboxes.withLock { $0[number]?.latest }
    }

    /// Whether a mailbox has changed since it was first listed.
    func hasChanged(_ number: String) -> Bool {
        mailboxes.withLock { $0[number]?.hasChanged ?? false }
    }
}
