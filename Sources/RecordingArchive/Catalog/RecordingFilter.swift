/// Which recordings are wanted; every condition that is set must hold.
public struct RecordingFilter: Sendable, Hashable {
    /// The name of the PBX.
    public var pbx: String?
    /// The extension.
    public var `extension`: String?
    /// The caller as listed.
    public var caller: String?
    /// The first moment wanted, in seconds since 1970-01-01T00:00:00Z.
    public var since: Int64?
    /// The first moment no longer wanted, in seconds since 1970-01-01T00:00:00Z.
    public var before: Int64?
    /// The verdict of the inspection.
    public var verdict: String?
    /// Where in the archive.
    public var state: Recording.State?

    /// Makes a filter; without a condition it lets everything through.
    public init(
        pbx: String? = nil, extension: String? = nil, caller: String? = nil, since: Int64? = nil,
        before: Int64? = nil, verdict: String? = nil, state: Recording.State? = nil
    ) {
        self.pbx = pbx
        self.extension = `extension`
        self.caller = caller
        self.since = since
        self.before = before
        self.verdict = verdict
        self.state = state
    }
}

/// A part of a list, newest recordings first, undated ones last.
public struct RecordingPage: Sendable, Hashable {
    /// Where a page ends, so that the next can begin there in no more time than the first.
    public struct Cursor: Sendable, Hashable, LosslessStringConvertible {
        let time: Int64
        let sequence: Int64

        init(time: Int64, sequence: Int64) {
            self.time = time
            self.sequence = sequence
        }

        /// Reads what `description` printed; nil for anything else.
        public init?(_ description: String) {
            let parts = description.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let time = Int64(parts[0]), let sequence = Int64(parts[1]) else {
                return nil
            }
            self.init(time: time, sequence: sequence)
        }

        /// The cursor as text without spaces, to be handed back unchanged.
        public var description: String { "\(time).\(sequence)" }
    }

    /// The recordings.
    public let recordings: [Recording]

    /// Where the next page begins; nil where this is the last.
    public let next: Cursor?
}
