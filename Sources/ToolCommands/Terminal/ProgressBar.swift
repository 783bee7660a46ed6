internal import Synchronization

/// How far a batch has come: files, bytes, how many times faster than it plays, and the time left.
final class ProgressBar: Sendable {
    private struct Counts {
        var totalFiles = 0
        var totalBytes: Int64?
        var files = 0
        var bytes: Int64 = 0
        var seconds = 0.0
        var lastDrawn: ContinuousClock.Instant?
    }

    /// The least time between two drawings: more often than this no eye follows.
    private static let interval = Duration.milliseconds(100)

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
        update { counts in
            counts.totalFiles = files
            counts.totalBytes = bytes
        }
    }

    /// Counts bytes of a file that is not finished.
    func advance(bytes: Int64) {
        update { $0.bytes += bytes }
    }

    /// Counts a finished file.
    ///
    /// - Parameters:
    ///   - bytes: The size of its source, less what `advance` has counted of it.
    ///   - duration: How long it plays, in seconds.
    func finished(bytes: Int64, duration: Double) {
        update { counts in
            counts.files += 1
            counts.bytes += bytes
            counts.seconds += duration
        }
    }

    /// Takes the bar away.
    func remove() {
        console.show(bar: nil)
    }

    private func update(_ change: (inout Counts) -> Void) {
        guard console.canRedraw else { return }
        let now = ContinuousClock.now
        let due = counts.withLock { counts -> Counts? in
            change(&counts)
            if let last = counts.lastDrawn, now - last < Self.interval { return nil }
            counts.lastDrawn = now
            return counts
        }
        if let due { console.show(bar: Self.text(of: due, elapsed: (now - start) / .seconds(1))) }
    }

    /// The bar, at most 79 characters wide.
    private static func text(of counts: Counts, elapsed: Double) -> String {
        let share: Double
        if let totalBytes = counts.totalBytes, totalBytes > 0 {
            share = min(1, Double(counts.bytes) / Double(totalBytes))
        } else {
            share = counts.totalFiles > 0 ? Double(counts.files) / Double(counts.totalFiles) : 0
        }
        let width = 16
        let filled = Int(share * Double(width))
        var text = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        text +=
            counts.totalFiles > 0
            ? " \(counts.files)/\(Quantities.count(counts.totalFiles, "file"))"
            : " \(Quantities.count(counts.files, "file"))"
        if counts.bytes > 0 || counts.totalBytes != nil { text += "  \(Quantities.size(counts.bytes))" }
        if counts.seconds > 0, elapsed > 0 {
            text += "  \(Quantities.fixed(counts.seconds / elapsed, 0))× real time"
        }
        // The first moments tell little about the rest.
        if share > 0, share < 1, elapsed > 1 {
            text += "  \(Quantities.time(elapsed / share * (1 - share))) left"
        }
        return text
    }
}

/// The part that one file has in a progress bar.
final class FileProgress: Sendable {
    private let bar: ProgressBar
    private let size: Int64
    private let passes: Int64
    private let bytesRead = Atomic<Int64>(0)

    /// - Parameters:
    ///   - bar: The bar of the batch.
    ///   - size: The file's size in bytes.
    ///   - passes: How many times as many bytes will be read.
    init(on bar: ProgressBar, size: Int64, passes: Int) {
        self.bar = bar
        self.size = size
        self.passes = Int64(passes)
    }

    /// Counts bytes that were read.
    func advance(by count: Int) {
        let (before, after) = bytesRead.add(Int64(count), ordering: .relaxed)
        bar.advance(bytes: counted(after) - counted(before))
    }

    /// Counts the file as finished.
    func finish(duration: Double) {
        bar.finished(bytes: size - counted(bytesRead.load(ordering: .relaxed)), duration: duration)
    }

    private func counted(_ bytesRead: Int64) -> Int64 { min(size, bytesRead / passes) }
}
