internal import UserPrograms

/// A person's own program that brings a question to somebody and back with the answer.
enum FilterProgram {
    /// Runs a command.
    ///
    /// - Parameters:
    ///   - command: For `/bin/sh -c`.
    ///   - input: What it gets on its standard input.
    /// - Returns: What it printed on its standard output.
    /// - Throws: `Failure` where it fails, prints nothing or more than 1 MiB, or takes longer than two minutes.
    static func run(_ command: String, input: [UInt8]) async throws -> [UInt8] {
        let output: [UInt8]
        do {
            output = try await UserProgram(command, timeLimit: .seconds(120), sizeLimit: 1 << 20).run(input)
        } catch let error as UserProgramError {
            throw Failure(.noInput, "The command gave no answer: \("\(error)".printable).")
        }
        guard !output.isEmpty else {
            throw Failure(
                .noInput,
                "The command printed nothing; it must print the authority's answer and nothing else.")
        }
        return output
    }
}
