internal import Synchronization

/// How far a batch has come: files, bytes, how many times faster than it plays, and the time left.
final class ProgressBar: Sendable {
    private struct Counts {
        var totalFiles = 0
        var totalBytes: Int64?
        var files = 0
        var bytes: Int64 = 0
        var seconds = 0.0
    }

    private let console: Console
    private let start = ContinuousClock.now
    private let counts = Mutex(Counts())

    init(on console: Console) {
        self.console = console
    }

    /// Says how much there is to do.
    ///
    /// - Parameters:
    ///   - files: How many files there are.
    ///   - bytes: How many bytes they hold, nil where that is not known beforehand.
    func begin(files: Int, bytes: Int64?) {
        draw(
            counts.withLock { counts in
                counts.totalFiles = files
                counts.totalBytes = bytes
                return counts
            })
    }

    /// Counts a finished file.
    ///
    /// - Parameters:
    ///   - bytes: The size of its source.
    ///   - duration: How long it plays, in seconds.
    func finished(bytes: Int64, duration: Double) {
        draw(
            counts.withLock { counts in
                counts.files += 1
                counts.bytes += bytes
                counts.seconds += duration
                return counts
            })
    }

    /// Takes the bar away.
    func remove() {
        console.show(bar: nil)
    }

    private func draw(_ counts: Counts) {
        guard console.canRedraw else { return }
        let elapsed = max(0.001, (ContinuousClock.now - start) / .seconds(1))
        let share: Double
        if let totalBytes = counts.totalBytes, totalBytes > 0 {
            share = Double(counts.bytes) / Double(totalBytes)
        } else {
            share = counts.totalFiles > 0 ? Double(counts.files) / Double(counts.totalFiles) : 0
        }
        let width = 24
        let filled = min(width, Int(share * Double(width)))
        var text = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        text += " \(counts.files)/\(counts.totalFiles) files  \(Quantities.size(counts.bytes))"
        if counts.seconds > 0 {
            text += "  \(Quantities.fixed(counts.seconds / elapsed, 0))× real time"
        }
        if share > 0, share < 1 {
            text += "  \(Quantities.time(elapsed / share * (1 - share))) left"
        }
        console.show(bar: text)
    }
}
