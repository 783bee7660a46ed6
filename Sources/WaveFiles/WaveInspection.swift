internal import ByteSources
public import PCM

/// What a WAVE file is, what is wrong with it, and what of it can be decoded.
public struct WaveInspection: Sendable {
    /// The bytes of the file.
    public let size: Int64

    /// The form: `RIFF`, `RIFX`, `RF64` or `BW64`; nil where there is none.
    public let container: String?

    /// The codec; nil where none was found that can be decoded.
    public let codec: WaveCodec?

    /// What the decoder yields, in the container's bits: 16 for G.711, GSM and ADPCM, 32 or 64 for float; nil
    /// without a usable `fmt ` chunk.
    public let format: PCMFormat?

    /// The frames that can be decoded, by the bytes that are there; 0 for a rejected file.
    public let frames: Int64

    /// The bytes that are decoded, in whole frames or blocks; nil for a rejected file.
    ///
    /// A restored file needs all other bytes verbatim.
    public let audio: Range<Int64>?

    /// What is wrong or worth knowing, in the order of the bytes.
    public let findings: [WaveFinding]

    /// What becomes of the file, by the worst of all findings.
    public let verdict: Verdict

    /// The top-level chunks in the order of the file, 256 at most.
    public let chunks: [WaveChunk]

    /// What libsndfile says about the untouched file.
    public let libsndfile: LibsndfileResult

    /// How the audio is to be decoded; nil for a rejected file.
    let layout: AudioLayout?

    /// The playing time in seconds; nil for a rejected file.
    public var duration: Double? {
        audio == nil ? nil : format?.duration(ofFrames: frames)
    }

    /// The law that turns samples back into the audio's bytes; nil where they do not follow from the samples.
    public var encoding: SampleEncoding? { codec?.encoding }

    /// Whether the reader yields real numbers instead of integers.
    public var isFloatingPoint: Bool { codec?.isFloatingPoint ?? false }
}
