/// The shape of an uncompressed audio stream.
public struct PCMFormat: Sendable, Hashable {
    /// Frames per second, in hertz.
    public var sampleRate: Int

    /// Samples in a frame.
    public var channels: Int

    /// The width of a sample's container in bits, 8 to 64; a G.711 code counts as the 16 bits it decodes to.
    public var bitsPerSample: Int

    /// Makes a format of the given shape, without judging whether any codec can hold it.
    public init(sampleRate: Int, channels: Int, bitsPerSample: Int) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.bitsPerSample = bitsPerSample
    }

    /// The time in seconds that a number of frames takes; 0 where the sample rate is 0.
    public func duration(ofFrames frames: Int64) -> Double {
        sampleRate > 0 ? Double(frames) / Double(sampleRate) : 0
    }
}
