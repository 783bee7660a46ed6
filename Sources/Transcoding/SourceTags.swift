internal import Digests
internal import FLACFiles
internal import Leveling
internal import PCM
internal import WaveFiles

/// The Vorbis comments that every FLAC file of ours carries; docs/format.md says what each means.
///
/// They are for people and players. Nothing that restores a file reads them.
struct SourceTags {
    let name: String
    let analysis: SourceAnalysis
    let measurement: LevelMeasurement
    let plan: GainPlan
    let scale: StoredScale
    let options: TranscodingOptions

    var comments: [VorbisComment] {
        var tags: [(String, String)] = [
            ("SOURCE_NAME", name),
            ("SOURCE_SIZE", String(analysis.inspection.size)),
            ("SOURCE_SHA256", analysis.digest.hexadecimal),
            ("SOURCE_FORMAT", sourceFormat),
            ("SOURCE_VERDICT", analysis.inspection.verdict.rawValue),
        ]
        if options.target.method != .none {
            tags += levelTags
        }
        tags += replayGainTags
        return tags.map { VorbisComment(name: $0.0, value: $0.1) }
    }

    private var sourceFormat: String {
        let inspection = analysis.inspection
        let format = inspection.format
        return [
            inspection.container ?? "?", inspection.codec?.name ?? "?", "\(format?.sampleRate ?? 0) Hz",
            "\(format?.channels ?? 0) ch",
        ].joined(separator: " ")
    }

    private var levelTags: [(String, String)] {
        let unit = measurement.method.unit
        var tags = [
            ("LEVEL_METHOD", measurement.method.rawValue),
            ("LEVEL_TARGET", "\(options.target.value.text) \(options.target.method.unit)"),
            ("LEVEL_MEASURED", measurement.level.map { "\($0.text) \(unit)" } ?? "none"),
            ("LEVEL_GAIN", "\(scale.gain(of: plan, mode: options.mode).text) dB"),
            ("LEVEL_LIMITED_BY", plan.limit.rawValue),
        ]
        if options.mode == .applied, case .reversible(let scale) = scale {
            tags.append(("LEVEL_SCALE", "\(scale.multiplier)/65536"))
            tags.append(("LEVEL_SHIFT", "\(scale.zeroBits),\(scale.shift)"))
        }
        return tags
    }

    private var replayGainTags: [(String, String)] {
        let toApply = options.mode == .tagged && options.target.method != .none ? plan.gain : Decibels(0)
        var tags = [
            ("REPLAYGAIN_TRACK_GAIN", "\(toApply.text) dB"),
            ("REPLAYGAIN_TRACK_PEAK", storedPeak.text(decimals: 6)),
        ]
        // The gain leads to this loudness; the tag is written only where loudness was measured anyway.
        if measurement.method == .loudness {
            tags.append(("REPLAYGAIN_REFERENCE_LOUDNESS", "\(options.target.value.text) LUFS"))
        }
        return tags
    }

    /// The highest magnitude among the stored samples, full scale 1.
    private var storedPeak: Double {
        switch scale {
        case .reversible(let scale):
            let peak = Int64(measurement.peakMagnitude)
            let stored = max(scale.apply(peak).magnitude, scale.apply(-peak).magnitude)
            return Double(stored) / Double(1 << (scale.outputBits - 1))
        case .clamped:
            return min(
                1,
                (measurement.samplePeak?.amplitudeRatio ?? 0)
                    * (options.mode == .applied ? plan.gain.amplitudeRatio : 1))
        }
    }
}
