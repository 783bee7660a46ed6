internal import ArgumentParser

/// A subcommand: it does its work and says how it ended.
protocol Verb: AsyncParsableCommand, Sendable {
    /// What is printed, and where.
    var outputOptions: OutputOptions { get }

    /// Does the work.
    ///
    /// - Returns: How it ended.
    /// - Throws: Any error that kept it from doing its work; its description is shown to the person.
    func perform(on console: Console) async throws -> ExitStatus
}

extension Verb {
    func run() async throws {
        let console = outputOptions.console()
        var status: ExitStatus
        do {
            try OpenFileLimit.check()
            status = try await Interruption.run { try await perform(on: console) }
        } catch {
            console.show(bar: nil)
            let failure = Failure(describing: error)
            console.alert("voxkeep: \(failure.description)")
            throw failure.status.exitCode
        }
        // A reader that has seen enough is no fault; results that were lost are.
        if let error = console.lostOutput, !error.isReaderGone {
            console.alert("voxkeep: \(error)")
            if status == .success || status == .itemsNeedAttention { status = .cannotWriteOutput }
        }
        if status != .success { throw status.exitCode }
    }
}
