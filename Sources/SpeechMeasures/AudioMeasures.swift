/// How loud audio is, how much of it is speech, and what is wrong with it.
package struct AudioMeasures: Sendable, Hashable, Codable {
    /// The active speech level of ITU-T P.56 in dBov; nil where there is no speech.
    package var activeSpeech: Double?
    /// How much of the time there is speech, in percent.
    package var activity: Double
    /// The level of the whole in dBov; nil for silence.
    package var rms: Double?
    /// The sample peak in dBFS; nil for silence.
    package var peak: Double?
    /// Samples in runs at the highest level.
    package var clippedSamples: Int64
    /// The mean, as a part of full scale.
    package var offset: Double
    /// Power in the segments over power between them, in dB; nil where there is nothing of one of them.
    package var signalToNoise: Double?

    /// Puts measures together.
    package init(
        activeSpeech: Double?, activity: Double, rms: Double?, peak: Double?, clippedSamples: Int64,
        offset: Double, signalToNoise: Double?
    ) {
        self.activeSpeech = activeSpeech
        self.activity = activity
        self.rms = rms
        self.peak = peak
        self.clippedSamples = clippedSamples
        self.offset = offset
        self.signalToNoise = signalToNoise
    }
}
