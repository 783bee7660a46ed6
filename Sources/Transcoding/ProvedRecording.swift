public import Digests

/// A finished FLAC file that has given back its source.
public struct ProvedRecording: Sendable, Hashable {
    /// How a source comes back.
    public enum Restoration: String, Sendable, Hashable, Codable {
        /// Its audio is computed from the samples.
        case rebuilt
        /// Its bytes are stored beside the audio.
        case kept
    }

    /// What was measured and what was done about it.
    public struct Level: Sendable, Hashable {
        /// The method that served: `p56`, `lufs`, `peak` or `none`.
        public var method: String
        /// The level wanted, in the requested method's unit; nil for `none`.
        public var target: Double?
        /// The level measured, in the method's unit; nil for silence and where there is no speech.
        public var measured: Double?
        /// Why another method than the one asked for served: `too-short`, `gated` or `sample-rate`; nil where it did.
        ///
        /// The target's number is then taken in the unit of the method that served.
        public var fallback: String?
        /// The gain in dB, applied or to be applied; nil for `none`.
        public var gain: Double?
        /// What kept the gain from reaching the target; nil where nothing did.
        public var limitedBy: String?
    }

    /// Bytes in the FLAC file.
    public var size: Int64
    /// The SHA-256 of the FLAC file.
    public var digest: Digest
    /// The SHA-256 of the source that it restores to.
    public var sourceDigest: Digest
    /// How the source comes back.
    public var restoration: Restoration
    /// What was measured and what was done about it.
    public var level: Level
}
