internal import ArgumentParser
internal import Foundation

/// How many files are worked on at once.
struct JobsOption: ParsableArguments {
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "How many files to work on at once; 1 to 256; by default one a processor.", valueName: "N"))
    var jobs = min(256, ProcessInfo.processInfo.activeProcessorCount)

    /// The files that a job has open at most: the source, what is made of it, the same for reading, and folders.
    static let files = 5

    /// How many are worked on at once, where enough files can be opened for as many.
    var possible: Int { OpenFileLimit.jobs(jobs, files: Self.files) }

    func validate() throws {
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs takes a number from 1 to 256, not \(jobs).")
        }
    }
}
