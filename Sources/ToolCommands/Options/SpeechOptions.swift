internal import ArgumentParser
internal import Leveling
internal import PCM
internal import SpeechFeed

/// What a corpus for speech tools is to be like.
struct SpeechOptions: ParsableArguments {
    /// The sample rates of a corpus.
    enum Rate: String, ExpressibleByArgument, CaseIterable {
        case narrowband = "8000"
        case wideband = "16000"
        case keep
    }

    /// What becomes of several channels.
    enum Channels: String, ExpressibleByArgument, CaseIterable {
        case mono, keep
    }

    /// The bits of a sample.
    enum Bits: String, ExpressibleByArgument, CaseIterable {
        case sixteen = "16"
        case twentyFour = "24"
    }

    /// How the audio is stored.
    enum Audio: String, ExpressibleByArgument, CaseIterable {
        case flac, wav, copy, link
    }

    @Option(help: "Frames per second: 8000, 16000, or keep those of the recordings.")
    var rate = Rate.keep

    @Option(help: "mono averages the channels, keep leaves them.")
    var channels = Channels.mono

    @Option(help: "Bits of a sample: 16 or 24.")
    var bits = Bits.sixteen

    @Option(
        help:
            "flac and wav make audio of so many bits; copy takes FLAC files as they are, link makes symbolic links to them."
    )
    var audio = Audio.flac

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The level to give to the originals: p56:DBOV, lufs:LUFS, peak:DBFS or none; by default that of the archive, "
                + "and p56:-26 for WAV files.", valueName: "target"),
        transform: LevelingOptions.target)
    var level: LevelTarget?

    @Option(
        name: .customLong("activity-margin"),
        help: ArgumentHelp(
            "How far below the active speech level activity begins, 0 to 60 dB.", valueName: "dB"))
    var activityMargin = 15.9

    @Option(
        name: .customLong("activity-hangover"),
        help: ArgumentHelp("How long activity outlasts its end, 0 to 10 seconds.", valueName: "seconds"))
    var activityHangover = 0.2

    @Option(
        help: ArgumentHelp(
            "Split into train, dev and test by these shares; who speaks in one is in no other.",
            valueName: "90/5/5"),
        transform: SpeechOptions.shares)
    var split: [Int]?

    @Flag(
        help:
            "Replace extensions and callers by codes that only the archive's key leads to, the same in every export."
    )
    var pseudonymize = false

    @Option(
        name: .customLong("exclude-verdict"),
        help: ArgumentHelp(
            "Leave out recordings of this verdict: flawed or salvaged; may be repeated.", valueName: "verdict"
        ),
        transform: FilterOptions.verdict)
    var excludedVerdicts: [String] = []

    @Option(
        name: .customLong("shard-size"),
        help: ArgumentHelp(
            "The most bytes of a WebDataset shard: a number, or one with k, M or G.", valueName: "size"),
        transform: SpeechOptions.size)
    var shardSize: Int64?

    func validate() throws {
        guard (0...60).contains(activityMargin) else {
            throw ValidationError("--activity-margin takes 0 to 60 dB, not \(activityMargin).")
        }
        guard (0...10).contains(activityHangover) else {
            throw ValidationError("--activity-hangover takes 0 to 10 seconds, not \(activityHangover).")
        }
        let isChanging = rate != .keep || level != nil || bits != .sixteen
        guard audio == .flac || audio == .wav || !isChanging else {
            throw ValidationError(
                "--audio \(audio.rawValue) takes files as they are; leave --rate, --bits and --level out.")
        }
    }

    private static func shares(_ text: String) throws -> [Int] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let shares = parts.compactMap { Int($0) }
        guard parts.count == 3, shares.count == 3, shares.allSatisfy({ (0...1_000_000).contains($0) }),
            shares.contains(where: { $0 > 0 })
        else {
            throw ValidationError("--split takes three shares such as 90/5/5, not \(text.printable).")
        }
        return shares
    }

    private static func size(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["k": 1000, "M": 1_000_000, "G": 1_000_000_000]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Int64(unit == nil ? text : String(text.dropLast())), number > 0,
            number <= Int64.max / 1_000_000_000
        else { throw ValidationError("--shard-size takes bytes such as 500M, not \(text.printable).") }
        return number * (unit ?? 1)
    }

    /// The options as the corpus takes them.
    ///
    /// - Parameters:
    ///   - isArchive: Whether recordings come leveled.
    ///   - durations: The lengths that are wanted, in seconds.
    /// - Returns: The options.
    func corpus(isArchive: Bool, durations: ClosedRange<Double>) -> CorpusOptions {
        CorpusOptions(
            sampleRate: Int(rate.rawValue), isMono: channels == .mono,
            bitsPerSample: Int(bits.rawValue) ?? 16, audio: corpusAudio,
            level: level ?? (isArchive ? nil : .standard), durations: durations,
            activityMargin: Decibels(activityMargin), activityHangover: activityHangover)
    }

    private var corpusAudio: CorpusOptions.Audio {
        switch audio {
        case .flac: .made(.flac)
        case .wav: .made(.wav)
        case .copy: .copied
        case .link: .linked
        }
    }
}
