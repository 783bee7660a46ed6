internal import Foundation
internal import Synchronization

/// The secrets of a session, to be taken out of what a box says: one may echo a token in the name of a caller.
final class KnownSecrets: Sendable {
    /// Shorter texts are no tokens, and stand in other words.
    private static let shortest = 8

    /// Random strings are good for one download; those before the last ones are worth nothing.
    private static let most = 16

    private let secrets = Mutex<[String]>([])

    /// Takes note of a secret.
    func add(_ secret: Secret?) {
        guard let text = secret?.reveal(), text.count >= Self.shortest else { return }
        secrets.withLock { secrets in
            guard !secrets.contains(text) else { return }
            if secrets.count == Self.most { secrets.removeFirst() }
            secrets.append(text)
        }
    }

    /// A text of the box with its secrets taken out.
    func hidden(in text: String) -> String {
        let known = secrets.withLock { $0 }
        let length = text.utf8.count
        guard known.contains(where: { $0.utf8.count <= length }) else { return text }
        return known.reduce(text) {
            $0.replacingOccurrences(of: $1, with: "\(Secret(""))", options: .caseInsensitive)
        }
    }
}
