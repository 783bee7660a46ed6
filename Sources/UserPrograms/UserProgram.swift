internal import Foundation
internal import Subprocess
internal import SystemPackage

/// A person's own program: a shell command that is given bytes and answers with others, within a time and a size.
package struct UserProgram: Sendable {
    /// The most of its standard error that is kept, for the last line that it said: 4 KiB.
    private static let keptMessages = 4096

    /// The files that a run has open at most: both ends of three pipes and of the one that tells of the start, and a handle
    /// of the process.
    package static let files = 10

    /// What it has after it was asked to end, before it is killed.
    private static let grace = Duration.seconds(2)

    /// For `/bin/sh -c`.
    package let command: String

    /// How long it may take.
    package let timeLimit: Duration

    /// The most bytes that it may print.
    package let sizeLimit: Int

    /// Describes a program; nothing is started.
    package init(_ command: String, timeLimit: Duration, sizeLimit: Int) {
        self.command = command
        self.timeLimit = timeLimit
        self.sizeLimit = sizeLimit
    }

    /// Runs the program once, in a session of its own, so that what it starts ends with it when it has to be ended.
    ///
    /// SIGPIPE must be ignored, or a program that does not read its input ends us. Its environment is ours without the variables that begin with `VOXKEEP_`, which may be secrets.
    ///
    /// - Parameter input: What it finds on its standard input; whether it reads that is its own affair.
    /// - Returns: What it printed on its standard output.
    /// - Throws: `UserProgramError`, or `CancellationError` where the task is cancelled; it runs no more then.
    package func run(_ input: [UInt8]) async throws -> [UInt8] {
        let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { try await runUnlimited(input) }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw UserProgramError.timedOut(timeLimit)
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() else { throw CancellationError() }
            return outcome
        }
        try Task.checkCancellation()
        switch outcome.status {
        case .exited(0): return outcome.output
        case .exited(let code) where code == 126 || code == 127:
            throw UserProgramError.cannotRun(reason: outcome.message ?? "sh ended with \(code)")
        case .exited(let code): throw UserProgramError.failed(status: code, message: outcome.message)
        case .signaled(let signal): throw UserProgramError.killed(signal: signal, message: outcome.message)
        }
    }

    private struct Outcome: Sendable {
        let status: TerminationStatus
        let output: [UInt8]
        let message: String?
    }

    private func runUnlimited(_ input: [UInt8]) async throws -> Outcome {
        var platform = PlatformOptions()
        platform.createSession = true
        platform.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)
        ]
        do {
            let result = try await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", command], environment: Self.environment(),
                platformOptions: platform, input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                async let written: Void = Self.write(input, to: execution.standardInputWriter)
                async let message = Self.lastLine(of: execution.standardError)
                var output: [UInt8] = []
                for try await piece in execution.standardOutput {
                    guard output.count + piece.count <= sizeLimit else {
                        throw UserProgramError.saidTooMuch(limit: sizeLimit)
                    }
                    unsafe piece.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
                }
                await written
                return (output, try await message)
            }
            let (output, message) = result.closureResult
            return Outcome(status: result.terminationStatus, output: output, message: message)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw UserProgramError.cannotRun(reason: "\(error)")
        }
    }

    /// Writes what can be written: a program that ends without reading it all is no failure, where swift-subprocess's
    /// own writing of an input (1.0.2) takes it for a fault of the caller's and traps.
    private static func write(_ input: [UInt8], to writer: StandardInputWriter) async {
        _ = try? await writer.write(input)
        try? await writer.finish()
    }

    private static func lastLine(of messages: SubprocessOutputSequence) async throws -> String? {
        var tail: [UInt8] = []
        for try await piece in messages {
            unsafe piece.withUnsafeBytes { unsafe tail.append(contentsOf: $0) }
            if tail.count > keptMessages { tail.removeFirst(tail.count - keptMessages) }
        }
        return String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init)
    }

    private static func environment() -> Environment {
        let names = ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("VOXKEEP_") }
        let none: [Environment.Key: String?] = Dictionary(
            uniqueKeysWithValues: names.map { (Environment.Key(stringLiteral: $0), nil) })
        return .inherit.updating(none)
    }
}
