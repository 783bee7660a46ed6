internal import ArgumentParser
internal import Foundation

/// How many files are worked on at once.
struct JobsOption: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How many files to work on at once; by default one a processor.", valueName: "N"))
    var jobs = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs takes a number from 1 to 256, not \(jobs).")
        }
    }
}
