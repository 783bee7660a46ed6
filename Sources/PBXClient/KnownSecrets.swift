internal import Digests
internal import Synchronization

/// The secrets of a session, to be taken out of what a box says: one may echo a token in the name of a caller.
final class KnownSecrets: Sendable {
    /// Shorter texts are no secrets that a box gives, and stand in other words.
    private static let shortest = 6

    /// Digits alone stand in telephone numbers, which have 15 of them at most (ITU-T E.164).
    private static let shortestNumber = 16

    /// In small letters, by their lengths in bytes.
    private let secrets = Mutex<[Int: Set<[UInt8]>]>([:])

    /// Takes note of a secret.
    func add(_ secret: Secret?) {
        guard let secret else { return }
        let bytes = Self.small(secret.reveal())
        let isNumber = bytes.allSatisfy { (0x30...0x39).contains($0) }
        guard bytes.count >= (isNumber ? Self.shortestNumber : Self.shortest) else { return }
        _ = secrets.withLock { $0[bytes.count, default: []].insert(bytes) }
    }

    /// Takes note of a password, and of its digest, which is what a box gets.
    func add(password: Secret) {
        let text = password.reveal()
        add(Secret(MD5.hexadecimal(of: text)))
        // A word may be a caller's name too, and the box does not get it.
        if text.contains(where: \.isLetter), text.contains(where: \.isNumber) { add(password) }
    }

    /// A text of the box with its secrets taken out, in capital letters or not.
    func hidden(in text: String) -> String {
        let count = text.utf8.count
        let known = secrets.withLock { $0.filter { $0.key <= count } }
        guard !known.isEmpty else { return text }
        let letters = Self.small(text)
        // Of secrets that begin with one another the longest is what the box has put there.
        let lengths = known.keys.sorted(by: >)
        var shown: [UInt8] = []
        var isShown = true
        var index = 0
        let bytes = Array(text.utf8)
        while index < bytes.count {
            let found = lengths.first { length in
                index + length <= letters.count
                    && known[length]?.contains(Array(letters[index..<index + length])) == true
            }
            if let found {
                shown += "\(Secret(""))".utf8
                index += found
                isShown = false
            } else {
                shown.append(bytes[index])
                index += 1
            }
        }
        return isShown ? text : String(decoding: shown, as: UTF8.self)
    }

    private static func small(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}
