/// Which recordings are wanted; every condition that is set must hold.
///
/// As JSON it is an object with the conditions that are set.
public struct RecordingFilter: Sendable, Hashable, Codable {
    /// The name of the PBX.
    public var pbx: String?
    /// The extension.
    public var `extension`: String?
    /// The caller as listed.
    public var caller: String?
    /// The first moment wanted, in seconds since 1970-01-01T00:00:00Z; undated ones are not wanted then.
    public var since: Int64?
    /// The first moment no longer wanted, in seconds since 1970-01-01T00:00:00Z; undated ones are not wanted then.
    public var before: Int64?
    /// The verdict of the inspection.
    public var verdict: String?
    /// Where in the archive.
    public var state: Recording.State?
    /// The shortest audio wanted, in seconds; sources without audio are not wanted then.
    public var minDuration: Int64?
    /// The longest audio wanted, in seconds; sources without audio are not wanted then.
    public var maxDuration: Int64?
    /// Whether and for which case a hold is on it.
    public var hold: HoldCondition?
    /// How long it is kept.
    public var retention: RetentionCondition?
    /// Whether better audio of its message has taken its place; nil where that does not count.
    public var isReplaced: Bool?
    /// Words that must all be in its text; case and accents do not count.
    ///
    /// The text is PBX, extension, caller, the PBX's name of the file, verdict, the codes of findings and warnings, and all
    /// texts that hooks have answered.
    public var text: String?

    /// Makes a filter; without a condition it lets everything through.
    public init(
        pbx: String? = nil, extension: String? = nil, caller: String? = nil, since: Int64? = nil,
        before: Int64? = nil, verdict: String? = nil, state: Recording.State? = nil,
        minDuration: Int64? = nil, maxDuration: Int64? = nil, hold: HoldCondition? = nil,
        retention: RetentionCondition? = nil, isReplaced: Bool? = nil, text: String? = nil
    ) {
        self.pbx = pbx
        self.extension = `extension`
        self.caller = caller
        self.since = since
        self.before = before
        self.verdict = verdict
        self.state = state
        self.minDuration = minDuration
        self.maxDuration = maxDuration
        self.hold = hold
        self.retention = retention
        self.isReplaced = isReplaced
        self.text = text
    }
}
