internal import Transcoding
internal import WaveFiles

/// One input of a batch, with what became of it.
struct ConversionItem: Sendable {
    /// How an item ended.
    enum Outcome: Sendable {
        case converted, unchanged, rejected
        case failed(ExitStatus)
    }

    let report: SourceReport
    let outcome: Outcome

    /// An item whose failure was found before any work on it.
    init(failing file: String, _ reason: String, _ status: ExitStatus) {
        report = SourceReport(file: file, conversion: .init(), error: reason)
        outcome = .failed(status)
    }

    /// An item that the converter has dealt with; nil for one that it broke off.
    init?(_ conversion: FileConversion) {
        var report = conversion.report
        switch (conversion.outcome, conversion.failure) {
        case (.converted, _): outcome = .converted
        case (.unchanged, _): outcome = .unchanged
        case (.rejected, _): outcome = .rejected
        case (.failed, let error?):
            let failure = Failure(describing: error)
            report.error = failure.description
            outcome = .failed(failure.status)
        case (.failed, nil), (.interrupted, _): return nil
        }
        self.report = report
    }

    /// The exit status that a batch of this item alone would have.
    var status: ExitStatus {
        switch outcome {
        case .converted, .unchanged: report.inspection?.verdict == .salvaged ? .itemsNeedAttention : .success
        case .rejected: .itemsNeedAttention
        case .failed(let status): status
        }
    }

    /// What is printed for people.
    func line(style: TerminalStyle) -> String {
        let file = (report.file ?? "").printable
        switch outcome {
        case .converted, .unchanged:
            guard let inspection = report.inspection, let recording = report.conversion?.recording else {
                return file
            }
            var parts = [
                "\(style.column(inspection.verdict)) \(file)", Quantities.time(inspection.duration ?? 0),
                LevelText.of(recording.level),
            ]
            if case .unchanged = outcome { parts.append("unchanged") }
            if inspection.verdict >= .flawed { parts.append(inspection.worstFinding.printable) }
            return parts.joined(separator: "  ")
        case .rejected:
            return "\(style.column(Verdict.rejected)) \(file)  \((report.error ?? "").printable)"
        case .failed:
            let reason = (report.error ?? "").printable
            // Most sentences name the file themselves.
            return "\(style.red("failed  ")) \(reason.contains(file) ? reason : "\(file)  \(reason)")"
        }
    }
}
