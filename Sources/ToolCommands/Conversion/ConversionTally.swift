internal import PCM
internal import Synchronization
internal import Transcoding
internal import WaveFiles

/// Prints what became of each file, and adds it up.
final class ConversionTally: Sendable {
    /// How an item ended.
    enum Outcome: Sendable {
        case converted, unchanged, rejected, unusable
        case failed(ExitStatus)

        init(_ outcome: FileConverter.Outcome) {
            self =
                switch outcome {
                case .converted: .converted
                case .unchanged: .unchanged
                case .rejected: .rejected
                case .failed(let error): .failed(Failure(describing: error).status)
                }
        }
    }

    private struct Counts {
        var converted = 0
        var unchanged = 0
        var salvaged = 0
        var rejected = 0
        var failed = 0
        var sourceBytes: Int64 = 0
        var outputBytes: Int64 = 0
        var seconds = 0.0
        var worst: ExitStatus = .success

        /// Keeps the status that a script must know of first: a fault of ours, then an output that cannot be written.
        mutating func note(_ status: ExitStatus) {
            let order: [ExitStatus] = [.success, .itemsNeedAttention, .cannotWriteOutput, .internalFault]
            let candidate = order.contains(status) ? status : .itemsNeedAttention
            if (order.firstIndex(of: candidate) ?? 0) > (order.firstIndex(of: worst) ?? 0) { worst = candidate }
        }
    }

    private let console: Console
    private let reportFile: ReportFile?
    private let counts = Mutex(Counts())

    init(console: Console, reportFile: ReportFile?) {
        self.console = console
        self.reportFile = reportFile
    }

    /// Counts and prints an item.
    func add(_ report: SourceReport, _ outcome: Outcome) throws {
        let isSalvaged = report.inspection?.verdict == .salvaged
        counts.withLock { counts in
            switch outcome {
            case .converted, .unchanged:
                if case .converted = outcome { counts.converted += 1 } else { counts.unchanged += 1 }
                if isSalvaged { counts.salvaged += 1 }
                counts.sourceBytes += report.size ?? 0
                counts.outputBytes += report.conversion?.recording?.size ?? 0
                counts.seconds += report.inspection?.duration ?? 0
                counts.note(isSalvaged ? .itemsNeedAttention : .success)
            case .rejected:
                counts.rejected += 1
                counts.note(.itemsNeedAttention)
            case .unusable:
                counts.failed += 1
                counts.note(.itemsNeedAttention)
            case .failed(let status):
                counts.failed += 1
                counts.note(status)
            }
        }
        try console.row(report)
        try reportFile?.append(report)
        let line = Self.line(for: report, outcome, style: console.output)
        switch outcome {
        case .converted where !isSalvaged, .unchanged where !isSalvaged: console.line(line)
        default: console.problem(line)
        }
    }

    /// The exit status that the items add up to.
    var status: ExitStatus { counts.withLock { $0.worst } }

    /// One line on the whole batch.
    func summary(of planned: Int, wasInterrupted: Bool) -> String {
        let counts = counts.withLock { $0 }
        var parts = ["\(counts.converted) converted"]
        if counts.unchanged > 0 { parts.append("\(counts.unchanged) unchanged") }
        if counts.salvaged > 0 { parts.append("\(counts.salvaged) of them salvaged") }
        if counts.rejected > 0 { parts.append("\(counts.rejected) rejected") }
        if counts.failed > 0 { parts.append("\(counts.failed) failed") }
        var text = parts.joined(separator: ", ")
        if counts.sourceBytes > 0 {
            let share = 100 * Double(counts.outputBytes) / Double(counts.sourceBytes)
            text += "; \(Quantities.time(counts.seconds)) of audio, \(Quantities.size(counts.sourceBytes)) -> "
                + "\(Quantities.size(counts.outputBytes)) (\(share.text(decimals: 1)) %)"
        }
        if wasInterrupted {
            let done = counts.converted + counts.unchanged + counts.rejected + counts.failed
            text = "Interrupted after \(done) of \(Quantities.count(planned, "file")): \(text); run again for the rest."
        }
        return text
    }

    private static func line(for report: SourceReport, _ outcome: Outcome, style: TerminalStyle) -> String {
        let file = (report.file ?? "").printable
        switch outcome {
        case .converted, .unchanged:
            guard let inspection = report.inspection, let recording = report.conversion?.recording else {
                return file
            }
            var parts = [
                "\(style.paint(inspection.verdict)) \(file)", Quantities.time(inspection.duration ?? 0),
                LevelText.of(recording.level),
            ]
            if case .unchanged = outcome { parts.append("unchanged") }
            if inspection.verdict >= .flawed { parts.append(inspection.worstFinding.printable) }
            return parts.joined(separator: "  ")
        case .rejected:
            return "\(style.paint(Verdict.rejected)) \(file)  \((report.error ?? "").printable)"
        case .unusable, .failed:
            return "\(style.red("failed")) \(file)  \((report.error ?? "").printable)"
        }
    }
}
