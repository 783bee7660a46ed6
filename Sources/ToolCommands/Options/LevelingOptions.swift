internal import ArgumentParser
internal import Leveling
internal import PCM
internal import Transcoding

/// How loud the stored audio is to be, and how hard to compress it.
struct LevelingOptions: ParsableArguments {
    @Option(
        name: .customLong("level"), parsing: .unconditional,
        help: ArgumentHelp(
            "What to measure and the level to reach: p56:DBOV (active speech, ITU-T P.56), lufs:LUFS (BS.1770 "
                + "loudness, one channel as it is), peak:DBFS (sample peak), or none. (default: p56:-26)",
            valueName: "target"),
        transform: LevelingOptions.target)
    var target = LevelTarget.standard

    @Option(
        name: .customLong("level-mode"),
        help: ArgumentHelp(
            "applied: the samples are leveled, reversibly. tagged: only ReplayGain tags say the gain. (default: applied)",
            valueName: "mode"),
        transform: LevelingOptions.mode)
    var mode = LevelMode.applied

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The sample peak that leveling may not exceed, in dBFS, -60 to 0.", valueName: "dBFS"))
    var ceiling = -1.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "FLAC compression level, 0 (fast) to 8 (small); by default what suits speech, nearly as small as 8 in "
                + "half the time.", valueName: "0-8"))
    var compression: Int?

    func validate() throws {
        guard (-60...0).contains(ceiling) else {
            throw ValidationError("--ceiling takes a level from -60 to 0 dBFS, not \(ceiling).")
        }
        if let compression, !(0...8).contains(compression) {
            throw ValidationError("--compression takes a level from 0 to 8, not \(compression).")
        }
    }

    /// A level as it is written on the command line.
    static func target(_ text: String) throws -> LevelTarget {
        do {
            return try LevelTarget(parsing: text)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private static func mode(_ text: String) throws -> LevelMode {
        guard let mode = LevelMode(rawValue: text) else {
            throw ValidationError("there is no mode \(text); use applied or tagged")
        }
        return mode
    }

    var transcoding: TranscodingOptions {
        TranscodingOptions(
            target: target, mode: mode, ceiling: Decibels(ceiling), compressionLevel: compression)
    }
}
