internal import ArgumentParser
internal import ByteSources
internal import Leveling
internal import PCM
internal import Transcoding
internal import WaveFiles

/// `voxkeep inspect`.
struct InspectCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what a WAV file is, what is wrong with it and how loud it is.",
        discussion: """
            Levels: dBov for active speech (ITU-T P.56) and RMS, dBFS for peaks; activity in percent of the time; \
            offsets in bytes, durations in seconds.

            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("WAV files, or folders to search for them.", valueName: "file"))
    var files: [String]

    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let discovery = InputDiscovery(files)
        let pool = BlockingPool(width: 1)
        var status = ExitStatus.success
        for failure in discovery.failures {
            status = discovery.inputs.isEmpty ? .noInput : .itemsNeedAttention
            console.alert("\(failure.path.printable): \(failure.reason)")
            try console.row(SourceReport(file: failure.path, error: failure.reason))
        }
        for input in discovery.inputs {
            try Task.checkCancellation()
            do {
                let inspected = try await pool.run { try InspectedSource(path: input.path) }
                try console.row(inspected.report)
                for line in inspected.lines(style: console.output) { console.line(line) }
                if inspected.verdict >= .salvaged {
                    status = .itemsNeedAttention
                    if console.style == .quiet { console.problem(inspected.problem) }
                }
            } catch let error as ByteSourceError {
                let reason = Failure(describing: error).description
                status = .itemsNeedAttention
                console.alert(reason)
                try console.row(SourceReport(file: input.path, error: reason))
            }
        }
        return status
    }
}
