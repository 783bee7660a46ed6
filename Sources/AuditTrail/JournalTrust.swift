public import TransparencyLog

/// What a reader of a journal knows of the keys of whoever keeps it.
///
/// A journal tells its signers by itself: its first line names a key and is signed by it, and each later key is named by
/// a line that the key before has signed. Only where a key was lost does a line name a key with no other word for it than
/// its own, and then this decides: an attacker's key must not shut the owner out.
public struct JournalTrust: Sendable, Hashable {
    /// The keys, the oldest first; none where nothing is known, so that the journal is believed.
    public let keys: [VerifierKey]

    /// Nothing is known of the keys.
    public static let unknown = JournalTrust(keys: [])

    /// Knows some keys, the oldest first and the one that is in use last.
    public init(keys: [VerifierKey]) {
        self.keys = keys
    }

    /// Whether a key may sign from now on by its own word: as the first one, or in the place of one that was lost.
    func allows(_ new: VerifierKey, insteadOf current: VerifierKey?) -> Bool {
        guard !keys.isEmpty else { return current.map { $0.name == new.name } ?? true }
        return isLater(new, than: current)
    }

    /// Whether a key is known to have come after another one; the first to none.
    func isLater(_ key: VerifierKey, than current: VerifierKey?) -> Bool {
        guard let rank = keys.firstIndex(of: key) else { return false }
        guard let current else { return true }
        // What came after a key that is not known, nobody can say.
        return keys.firstIndex(of: current).map { $0 < rank } ?? false
    }
}
