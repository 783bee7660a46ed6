internal import ArgumentParser
internal import ByteSources
internal import DurableFiles
internal import Transcoding

/// `voxkeep convert`.
struct ConvertCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turns WAV files into leveled FLAC files that restore to them, byte for byte.",
        discussion: """
            Folders are searched for names that end in .wav, .wave, .rf64 or .bwf, and their tree is kept below the \
            output folder. An output that exists with the same content is left alone; one that differs is refused \
            unless --force is given. Every input is read only, and stays where it is, also where it is rejected.

            Examples:
              voxkeep convert message.wav --output flac
              voxkeep convert /var/spool/voicemail --output flac --report flac.jsonl
              voxkeep convert calls --output flac --level lufs:-23 --ceiling -2 --jobs 4

            In JSON, sizes and offsets are bytes, duration is seconds, gain is dB, levels are dBov (p56), LUFS (lufs) \
            or dBFS (peak); restore is rebuilt (audio bytes are computed from the samples) or kept (they are stored).


            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("WAV files, or folders to search for them.", valueName: "input"))
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the FLAC files go; made where it is missing.", valueName: "folder"))
    var output: String

    @Option(
        help: ArgumentHelp("Also write a row of JSON for each input to this file.", valueName: "file.jsonl"))
    var report: String?

    @Flag(help: "Replace outputs that exist and differ.")
    var force = false

    @OptionGroup var leveling: LevelingOptions
    @OptionGroup var jobsOption: JobsOption
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !inputs.contains("") else {
            throw ValidationError("An input is empty; name a file or a folder.")
        }
        guard !output.isEmpty else { throw ValidationError("--output takes a folder, not an empty name.") }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let discovery = InputDiscovery(inputs)
        let plan = OutputPlan(discovery.inputs, outputFolder: output)
        let reportFile = try report.map { try ReportFile(path: $0, sparing: plan) }
        let tally = ConversionTally(console: console, reportFile: reportFile)

        for failure in discovery.failures {
            try tally.add(ConversionItem(failing: failure.path, failure.reason, .noInput))
        }
        for collision in plan.collisions {
            let reason =
                "\(collision.output) is already what \(collision.winner) becomes; convert this file into another folder."
            try tally.add(ConversionItem(failing: collision.input.path, reason, .itemsNeedAttention))
        }
        if !plan.inputs.isEmpty {
            // An output folder that cannot be made would fail every file in turn; it is said once.
            try Folder.makeDurably(output)
            let bar = ProgressBar(on: console)
            bar.begin(files: plan.inputs.count, bytes: plan.inputs.reduce(0) { $0 + $1.size })
            let batch = ConversionBatch(
                converter: FileConverter(
                    transcoder: Transcoder(options: leveling.transcoding), isReplacing: force),
                jobs: jobsOption.possible, tally: tally, bar: bar)
            try await batch.convert(plan)
            bar.remove()
        }
        let planned = discovery.failures.count + plan.collisions.count + plan.inputs.count
        console.note(tally.summary(of: planned, wasInterrupted: Task.isCancelled))
        if let failure = reportFile?.failure {
            console.alert("voxkeep: \(failure)")
            return failure.status
        }
        return tally.status
    }
}

extension ReportFile {
    /// Begins the report, unless that would destroy a file of the batch.
    convenience init(path: String, sparing plan: OutputPlan) throws(Failure) {
        if let existing = try? FileByteSource(path: path) {
            func isSpared(_ other: String) -> Bool {
                guard let file = try? FileByteSource(path: other) else { return true }
                return (try? existing.isSameFile(as: file)) != true
            }
            let isFree =
                plan.inputs.allSatisfy { isSpared($0.path) && isSpared(plan.output(of: $0)) }
                && plan.collisions.allSatisfy { isSpared($0.input.path) }
            guard isFree else {
                throw Failure(
                    .usage,
                    "The report \(path.printable) would replace a file of the batch; choose another name.")
            }
        }
        try self.init(path: path)
    }
}
