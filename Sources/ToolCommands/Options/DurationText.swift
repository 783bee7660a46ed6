internal import ArgumentParser

/// A length of time as a person writes it: `90`, `90s`, `1m30s`, `1h`.
enum DurationText {
    /// Seconds.
    ///
    /// - Throws: `ValidationError` for a text that is no length of time.
    static func seconds(_ text: String) throws -> Int64 {
        let failure = ValidationError("\(text.printable) is no length of time; write 90 or 1m30s.")
        if let match = text.wholeMatch(of: /[0-9]{1,9}/) {
            guard let seconds = Int64(match.0) else { throw failure }
            return seconds
        }
        guard !text.isEmpty,
            let match = text.wholeMatch(of: /(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?/)
        else { throw failure }
        let parts = [(match.1, 3600), (match.2, 60), (match.3, 1)] as [(Substring?, Int64)]
        return parts.reduce(0) { $0 + ($1.0.flatMap { Int64($0) } ?? 0) * $1.1 }
    }
}
