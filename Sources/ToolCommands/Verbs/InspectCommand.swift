internal import ArgumentParser
internal import ByteSources
internal import Transcoding
internal import WaveFiles

/// `voxkeep inspect`.
struct InspectCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what a WAV file is, what is wrong with it and where, and how loud it is.",
        discussion: """
            The verdict is valid, flawed (the header is wrong, the audio is certain and complete), salvaged (audio is \
            missing or doubtful) or rejected (there is no audio that can be decoded).

            Levels are dBov for active speech (ITU-T P.56, 0 dBov is a full-scale square wave) and RMS, dBFS for \
            peaks; activity is the percentage of the time with speech. Sizes and offsets are bytes, durations seconds. \
            With --loudness also the loudness of ITU-R BS.1770 in LUFS, its range after EBU Tech 3342 in LU, and the true \
            peak in dBTP.

            Examples:
              voxkeep inspect message.wav
              voxkeep inspect calls --json


            """ + ExitStatus.explanation)

    @Argument(help: ArgumentHelp("WAV files, or folders to search for them.", valueName: "file"))
    var files: [String]

    @Flag(help: "Measure loudness, loudness range and true peak too, which takes longer.")
    var loudness = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !files.contains("") else {
            throw ValidationError("A file's name is empty; name a file or a folder.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let discovery = InputDiscovery(files)
        let pool = BlockingPool(width: 1)
        let interruption = InterruptionFlag()
        var needAttention = 0
        var inspected = 0
        for failure in discovery.failures {
            try Self.report(failure.path, failure.reason, on: console)
        }
        for input in discovery.inputs {
            // Nobody reads on; what remains would be work for nothing.
            if console.lostOutput != nil { break }
            do {
                let source = try await withTaskCancellationHandler {
                    try await pool.run {
                        try InspectedSource(path: input.path, hasLoudness: loudness) { _ in
                            !interruption.isSet
                        }
                    }
                } onCancel: {
                    interruption.set()
                }
                if interruption.isSet { break }
                inspected += 1
                try console.row(source.row)
                for line in source.lines(style: console.output) { console.line(line) }
                if source.verdict >= .salvaged {
                    needAttention += 1
                    if console.style == .quiet { console.problem(source.problem) }
                }
            } catch {
                if interruption.isSet { break }
                let failure = Failure(describing: error)
                guard failure.status == .noInput else { throw failure }
                needAttention += 1
                try Self.report(input.path, failure.description, on: console)
            }
        }
        if Task.isCancelled {
            console.note(
                "Interrupted after \(inspected) of \(Quantities.count(discovery.inputs.count, "file")).")
        }
        let failed = discovery.failures.count + needAttention
        return failed == 0 ? .success : inspected == 0 ? .noInput : .itemsNeedAttention
    }

    private static func report(_ file: String, _ reason: String, on console: Console) throws {
        let name = file.printable
        console.alert(reason.contains(name) ? reason : "\(name): \(reason)")
        try console.row(
            InspectedRow(report: SourceReport(file: file, error: reason), levels: nil, loudness: nil))
    }
}
