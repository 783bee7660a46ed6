/// Which recordings a change is about.
public enum RecordingSelection: Sendable, Hashable {
    /// Those of these ids, each of which must be there.
    case ids([String])
    /// Those that pass a filter now.
    case matching(RecordingFilter)
}
