internal import Synchronization

/// Prints what became of each file, and adds it up.
final class ConversionTally: Sendable {
    private let console: Console
    private let reportFile: ReportFile?
    private let counts = Mutex(ConversionCounts())

    init(console: Console, reportFile: ReportFile?) {
        self.console = console
        self.reportFile = reportFile
    }

    /// Counts and prints an item.
    func add(_ item: ConversionItem) throws {
        counts.withLock { $0.add(item) }
        try console.row(item.report)
        try reportFile?.append(item.report)
        let line = item.line(style: console.output)
        if item.status == .success { console.line(line) } else { console.problem(line) }
    }

    /// The exit status that the items add up to.
    var status: ExitStatus { counts.withLock { $0.status } }

    /// One line on the whole batch.
    ///
    /// - Parameters:
    ///   - planned: How many items there were to be.
    ///   - wasInterrupted: Whether a signal ended the batch early.
    /// - Returns: The counts, after what an interruption has to say.
    func summary(of planned: Int, wasInterrupted: Bool) -> String {
        let counts = counts.withLock { $0 }
        guard wasInterrupted else { return counts.text }
        return "Interrupted after \(counts.total) of \(Quantities.count(planned, "file")): \(counts.text); "
            + "run again for the rest."
    }
}
