// The header declares types named `error`, `mode` and `channel`, so it is imported in this file only.
internal import CEBUR128

/// The owner of one libebur128 state.
struct LoudnessState: ~Copyable {
    /// What a state is asked to measure.
    enum Quantity {
        /// Integrated loudness of all channels together, weighted as BS.1770 says.
        case integratedLoudness
        /// The same, and how much it varies.
        case loudnessRange
        /// The peak between samples, per channel.
        case truePeak
    }

    private let state: UnsafeMutablePointer<ebur128_state>

    /// Makes a state.
    ///
    /// - Parameters:
    ///   - quantity: What to measure.
    ///   - channels: 1 to 64.
    ///   - sampleRate: In hertz, 16 to 2,822,400; the library keeps 0.4 s of samples.
    /// - Throws: `LevelingError.libraryFailed` when memory is short.
    init(measuring quantity: Quantity, channels: Int, sampleRate: Int) throws(LevelingError) {
        let mode =
            switch quantity {
            case .integratedLoudness: EBUR128_MODE_I.rawValue
            // The range is of short-term loudness, which does not include the integrated one.
            case .loudnessRange: EBUR128_MODE_LRA.rawValue | EBUR128_MODE_I.rawValue
            case .truePeak: EBUR128_MODE_TRUE_PEAK.rawValue
            }
        guard let state = ebur128_init(UInt32(channels), UInt(sampleRate), Int32(mode)) else {
            throw .libraryFailed(
                name: "libebur128", reason: "no state for \(channels) channels at \(sampleRate) Hz")
        }
        self.state = state
    }

    deinit {
        var state: UnsafeMutablePointer<ebur128_state>? = state
        ebur128_destroy(&state)
    }

    /// Measures interleaved samples, full scale 1.0.
    func add(_ samples: UnsafePointer<Double>, frames: Int) throws(LevelingError) {
        guard ebur128_add_frames_double(state, samples, frames) == Int32(EBUR128_SUCCESS.rawValue) else {
            throw .libraryFailed(name: "libebur128", reason: "out of memory")
        }
    }

    /// The integrated loudness in LUFS, gated as BS.1770-4 says; nil where every block falls to the gate.
    var integratedLoudness: Double? {
        var loudness = 0.0
        guard ebur128_loudness_global(state, &loudness) == Int32(EBUR128_SUCCESS.rawValue), loudness.isFinite
        else { return nil }
        return loudness
    }

    /// The loudness range in LU, after EBU Tech 3342; meaningful only where some 3 s of audio pass its gates.
    var loudnessRange: Double? {
        var range = 0.0
        guard ebur128_loudness_range(state, &range) == Int32(EBUR128_SUCCESS.rawValue), range.isFinite
        else { return nil }
        return range
    }

    /// The largest magnitude between samples over all channels, full scale 1.0.
    var truePeak: Double {
        var largest = 0.0
        for channel in 0..<state.pointee.channels {
            var peak = 0.0
            guard ebur128_true_peak(state, channel, &peak) == Int32(EBUR128_SUCCESS.rawValue) else {
                continue
            }
            largest = max(largest, peak)
        }
        return largest
    }
}
