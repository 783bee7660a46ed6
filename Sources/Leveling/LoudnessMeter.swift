internal import PCM

/// Integrated loudness after ITU-R BS.1770-4 and EBU R 128.
///
/// The K-weighting filter of libebur128 reads 0.2 LU high at 8 kHz, so audio below 48 kHz is resampled to 48 kHz
/// first. The library notes one number for each 100 ms, which is all that grows with the length.
struct LoudnessMeter: ~Copyable {
    /// The sample rates that can be measured, in hertz; below, BS.1770 has hardly any of its band left, and above,
    /// the buffers that a damaged header asks for would grow out of proportion.
    static let sampleRates = 1_000...384_000

    private static let weightingRate = 48_000

    private let state: LoudnessState
    private var resampler: Resampler?

    init(sampleRate: Int, channels: Int, range: Bool = false) throws(LevelingError) {
        let state = try LoudnessState(
            measuring: range ? .loudnessRange : .integratedLoudness, channels: channels,
            sampleRate: max(sampleRate, Self.weightingRate))
        resampler =
            sampleRate < Self.weightingRate
            ? try Resampler(from: sampleRate, to: Self.weightingRate, channels: channels) : nil
        self.state = state
    }

    /// Measures interleaved samples, full scale 1.0.
    mutating func add(_ samples: UnsafePointer<Double>, frames: Int) throws(LevelingError) {
        guard resampler != nil else { return try state.add(samples, frames: frames) }
        try drive(samples, frames: frames)
    }

    /// Ends the measurement; nil where no block passes the gates, among them all of fewer than 400 ms, and for a range
    /// that was not asked for.
    consuming func finish() throws(LevelingError) -> (integrated: Decibels?, range: Decibels?) {
        if resampler != nil { try drive(nil, frames: 0) }
        return (
            state.integratedLoudness.map { Decibels($0) }, state.loudnessRange.map { Decibels($0) }
        )
    }

    private mutating func drive(_ samples: UnsafePointer<Double>?, frames: Int) throws(LevelingError) {
        guard var active = resampler.take() else { return }
        try active.process(samples, frames: frames) { (piece, count) throws(LevelingError) in
            try state.add(piece, frames: count)
        }
        resampler = consume active
    }
}
