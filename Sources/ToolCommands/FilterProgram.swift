internal import Foundation
internal import Synchronization

/// A person's own program that turns bytes into others: a shell command with an input, an output and a time limit.
enum FilterProgram {
    /// The most bytes of output that are read.
    private static let largestOutput = 1 << 20

    /// Runs a command.
    ///
    /// - Parameters:
    ///   - command: For `/bin/sh -c`.
    ///   - input: What it gets on its standard input.
    ///   - limit: How long it may take.
    /// - Returns: What it printed on its standard output; its standard error goes to ours.
    /// - Throws: `Failure` where it fails, prints nothing or too much, or does not end.
    static func run(_ command: String, input: [UInt8], limit: Duration = .seconds(120)) async throws
        -> [UInt8]
    {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        do {
            try process.run()
        } catch {
            throw Failure(.noInput, "The command cannot be run: \(error.localizedDescription).")
        }
        let timer = Task {
            try await Task.sleep(for: limit)
            process.terminate()
            return true
        }
        defer { timer.cancel() }
        // A command that does not read its input is no fault of ours.
        try? standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try? standardInput.fileHandleForWriting.close()
        let output = await Task.detached { () -> Data in
            (try? standardOutput.fileHandleForReading.read(upToCount: largestOutput + 1)) ?? Data()
        }.value
        if output.count > largestOutput { process.terminate() }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw Failure(
                .noInput, "The command failed or took longer than two minutes; run it by hand to see why.")
        }
        guard (1...largestOutput).contains(output.count) else {
            throw Failure(
                .noInput,
                "The command printed \(output.isEmpty ? "nothing" : "more than 1 MiB"); "
                    + "it must print the authority's answer and nothing else.")
        }
        return Array(output)
    }
}
