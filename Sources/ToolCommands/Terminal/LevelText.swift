internal import Leveling
internal import PCM
internal import Transcoding

/// What was measured and done about a level, in a few words.
enum LevelText {
    static func of(_ level: ProvedRecording.Level) -> String {
        guard let gain = level.gain else { return "level as it is" }
        let unit = LevelMethod(rawValue: level.method)?.unit ?? ""
        guard let measured = level.measured else {
            return level.limitedBy == GainLimit.silence.rawValue ? "silence" : "no speech"
        }
        let instead = level.fallback.map { " (no LUFS: \($0))" } ?? ""
        let limit = level.limitedBy.map { " (limited by \($0))" } ?? ""
        return
            "\(measured.text(decimals: 1)) \(unit)\(instead), gain \(Quantities.fixed(gain, 1, signed: true)) dB\(limit)"
    }
}
