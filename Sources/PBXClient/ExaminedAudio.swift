/// What a look at downloaded audio tells.
public struct ExaminedAudio: Sendable, Hashable {
    /// How long it plays, in seconds; nil where it cannot be decoded.
    public let duration: Double?

    /// Whether none of it is missing or doubtful, as far as the file itself can tell.
    ///
    /// A box that announces too short a body cuts a file, and no length in the answer shows it.
    public let isWhole: Bool

    /// Makes a description of audio.
    public init(duration: Double?, isWhole: Bool) {
        self.duration = duration
        self.isWhole = isWhole
    }
}
