internal import ArgumentParser
internal import DurableFiles
internal import Transcoding
internal import WaveFiles

/// `voxkeep convert`.
struct ConvertCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turns WAV files into leveled FLAC files that restore to them, byte for byte.",
        discussion: """
            The folder tree below each input folder is kept. An output that exists with the same content is left \
            alone; one that differs is refused unless --force is given.

            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("WAV files, or folders to search for them.", valueName: "input"))
    var inputs: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the FLAC files go.", valueName: "folder"))
    var output: String

    @Option(help: ArgumentHelp("Also write a row of JSON for each input to this file.", valueName: "file.jsonl"))
    var report: String?

    @Flag(help: "Replace outputs that exist and differ.")
    var force = false

    @OptionGroup var leveling: LevelingOptions
    @OptionGroup var jobsOption: JobsOption
    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let discovery = InputDiscovery(inputs)
        let plan = OutputPlan(discovery.inputs, outputFolder: output)
        let reportFile = try report.map { try ReportFile(path: $0) }
        let tally = ConversionTally(console: console, reportFile: reportFile)

        for failure in discovery.failures {
            try tally.add(SourceReport(file: failure.path, conversion: .init(), error: failure.reason), .unusable)
        }
        for collision in plan.collisions {
            let reason =
                "\(collision.output) is already what \(collision.winner) becomes; convert this file into another folder."
            try tally.add(
                SourceReport(file: collision.input.path, conversion: .init(), error: reason), .unusable)
        }
        guard !plan.items.isEmpty else { return .noInput }
        // An output folder that cannot be made would fail every file in turn; it is said once.
        try Folder.makeDurably(output)

        let converter = FileConverter(
            transcoder: Transcoder(options: leveling.transcoding), isReplacing: force)
        let bar = ProgressBar(on: console)
        bar.begin(files: plan.items.count, bytes: plan.items.reduce(0) { $0 + $1.input.size })
        try await convert(plan.items, with: converter, bar: bar, tally: tally)
        bar.remove()
        console.note(tally.summary(of: plan.items.count, wasInterrupted: Task.isCancelled))
        return tally.status
    }

    private func convert(
        _ items: [OutputPlan.Item], with converter: FileConverter, bar: ProgressBar, tally: ConversionTally
    ) async throws {
        let pool = BlockingPool(width: jobsOption.jobs)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for item in items {
                if running >= jobsOption.jobs {
                    try await group.next()
                    running -= 1
                }
                // What has begun is finished; nothing is begun after an interruption.
                if Task.isCancelled { break }
                running += 1
                group.addTask {
                    let (report, outcome) = try await pool.run {
                        converter.convert(
                            item.input.path, to: item.output, name: item.input.name)
                    }
                    try tally.add(report, ConversionTally.Outcome(outcome))
                    bar.finished(bytes: item.input.size, duration: report.inspection?.duration ?? 0)
                }
            }
            try await group.waitForAll()
        }
    }
}
