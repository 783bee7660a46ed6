/// The measure that decides how loud a recording is.
public enum LevelMethod: String, Sendable, Hashable, CaseIterable {
    /// The active speech level of ITU-T P.56, method B, in dBov.
    case activeSpeech = "p56"
    /// The integrated loudness of ITU-R BS.1770, in LUFS.
    case loudness = "lufs"
    /// The largest sample magnitude, in dBFS.
    case samplePeak = "peak"
    /// No measure: the recording keeps its level.
    case none

    /// The unit of the method's levels; empty for `none`.
    public var unit: String {
        switch self {
        case .activeSpeech: "dBov"
        case .loudness: "LUFS"
        case .samplePeak: "dBFS"
        case .none: ""
        }
    }
}

/// What becomes of a planned gain.
public enum LevelMode: String, Sendable, Hashable, CaseIterable {
    /// The gain is part of the stored samples, and can be undone exactly.
    case applied
    /// The samples stay as they are; a player applies the gain that the tags name.
    case tagged
}
