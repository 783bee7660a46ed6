public import ByteSources

/// Why the audio of a file could not be read.
public enum WaveReaderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The inspection found nothing that can be decoded.
    case nothingToDecode
    /// The samples asked for are of the other kind: integers of a float file, or real numbers of an integer
    /// one.
    case wrongSampleKind(WaveCodec)
    /// The bytes could not be read.
    case source(ByteSourceError)
    /// libsndfile refuses audio that the inspection had found to be sound, for the reason it gives.
    case refused(reason: String)
    /// The audio ended before the number of frames that the inspection had counted.
    case endedEarly(frames: Int64, expected: Int64)

    /// What happened and what to do about it, in one sentence.
    public var description: String {
        switch self {
        case .nothingToDecode:
            "The file holds no audio that can be decoded; inspect it to see why."
        case .wrongSampleKind(let codec):
            "The audio is \(codec.name): ask for \(codec.isFloatingPoint ? "real numbers" : "integers") instead."
        case .source(let error):
            "\(error.name) could not be read (error \(error.code)); try again once it can be."
        case .refused(let reason):
            "libsndfile cannot decode the audio (\(reason)); inspect the file again, as it may have changed."
        case .endedEarly(let frames, let expected):
            "The audio ended after \(frames) of \(expected) frames; inspect the file again, as it may have changed."
        }
    }
}
