/// One folder of a mailbox: messages in numbered places, the number giving the file its name.
///
/// Asterisk keeps a folder as `msg0000.wav`, `msg0001.wav` and so on, renames everything down when it opens a
/// folder with gaps, and therefore gives a message no lasting name.
struct MessageFolder: Sendable {
    private var messages: [Int: MailboxModel.Message] = [:]

    /// The numbers in use, lowest first.
    var numbers: [Int] { messages.keys.sorted() }

    var count: Int { messages.count }

    /// Whether a number below the highest one is free, so that the next opening renames files.
    var isStale: Bool {
        guard let last = messages.keys.max() else { return false }
        return last + 1 != messages.count
    }

    subscript(number: Int) -> MailboxModel.Message? { messages[number] }

    /// Files a new message behind the last one, as the recorder does: gaps stay as they are.
    mutating func append(_ message: MailboxModel.Message) {
        messages[(messages.keys.max() ?? -1) + 1] = message
    }

    /// Files a message under the first free number, as saving a heard message does.
    mutating func fillFirstGap(with message: MailboxModel.Message) {
        var number = 0
        while messages[number] != nil { number += 1 }
        messages[number] = message
    }

    /// Takes a message out and leaves its number free.
    mutating func remove(_ number: Int) -> MailboxModel.Message? {
        messages.removeValue(forKey: number)
    }

    func number(of id: MailboxModel.Message.ID) -> Int? {
        messages.first { $0.value.id == id }?.key
    }

    /// Closes all gaps, keeping the order.
    mutating func resequence() {
        guard isStale else { return }
        let ordered = numbers.compactMap { messages[$0] }
        messages = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($0.offset, $0.element) })
    }
}
