internal import ArgumentParser
internal import RecordingArchive

/// Reads retention policies from arguments.
enum RetentionOption {
    static func policy(_ text: String) throws -> RetentionPolicy {
        guard let policy = RetentionPolicy(text) else {
            throw ValidationError(
                "There is no retention \(text); use forever, or 30d, 2w, 6m, 10y, or event+10y, for at most 1000 years, or undecided."
            )
        }
        return policy
    }
}
