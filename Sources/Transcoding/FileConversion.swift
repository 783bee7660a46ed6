/// What became of one file that was to be converted.
public struct FileConversion: Sendable {
    /// How a conversion ended.
    public enum Outcome: Sendable, Hashable {
        /// A FLAC file was published.
        case converted
        /// The output was there already, with the very bytes that would have been written.
        case unchanged
        /// The source holds no audio that can be decoded.
        case rejected
        /// The source could not be read, or the output not be made; `failure` says why.
        case failed
        /// The observer asked for an end before the output was there; nothing was written.
        case interrupted
    }

    /// The row for a report.
    public private(set) var report: SourceReport

    /// How the conversion ended.
    public private(set) var outcome: Outcome

    /// Why it failed; nil for another outcome.
    public private(set) var failure: (any Error)?

    init(report: SourceReport, outcome: Outcome) {
        self.report = report
        self.outcome = outcome
    }

    /// Turns this into a failure, which leaves no output.
    mutating func fail(_ error: any Error) {
        report.conversion = SourceReport.Conversion()
        outcome = .failed
        failure = error
        report.error = "\(error)"
    }
}
