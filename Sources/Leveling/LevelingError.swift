/// Why a level could not be measured.
public enum LevelingError: Error, Sendable, Hashable {
    /// The format has a channel count, a sample rate or a width that no meter takes.
    case unsupportedFormat(sampleRate: Int, channels: Int, bitsPerSample: Int)
    /// A block holds a number of samples that is no multiple of the channel count.
    case partialFrame(samples: Int, channels: Int)
    /// A library refused to work, mostly because memory ran out.
    case libraryFailed(name: String, reason: String)
}

extension LevelingError: CustomStringConvertible {
    /// One sentence that names the cause and, where there is one, the remedy.
    public var description: String {
        switch self {
        case .unsupportedFormat(let sampleRate, let channels, let bitsPerSample):
            "no level can be measured for \(channels) channels of \(bitsPerSample) bits at \(sampleRate) Hz; "
                + "use 1 to \(LevelMeter.channelLimit) channels of 1 to 64 bits at 1 Hz or more"
        case .partialFrame(let samples, let channels):
            "a block of \(samples) samples does not divide into frames of \(channels); this is a bug, report it"
        case .libraryFailed(let name, let reason):
            "\(name) failed to measure the level (\(reason)); free some memory and try again"
        }
    }
}
