internal import ByteSources
internal import Digests
internal import DurableFiles
internal import WaveFiles

/// Turns one WAV file into one published FLAC file.
public struct FileConverter: Sendable {
    /// How a conversion ended.
    public enum Outcome: Sendable {
        /// A FLAC file was published.
        case converted
        /// The output was there already, with the very bytes that would have been written.
        case unchanged
        /// The source holds no audio that can be decoded.
        case rejected
        /// The source could not be read, or the output not be made.
        case failed(any Error)
        /// The observer asked for an end before the output was there; nothing was written.
        case interrupted
    }

    private let transcoder: Transcoder
    private let isReplacing: Bool

    /// Makes a converter.
    ///
    /// - Parameters:
    ///   - transcoder: What makes and proves the FLAC file.
    ///   - isReplacing: Whether an output that differs is replaced instead of refused.
    public init(transcoder: Transcoder, isReplacing: Bool) {
        self.transcoder = transcoder
        self.isReplacing = isReplacing
    }

    /// How many times a conversion takes as long as one reading of the source, roughly.
    ///
    /// The source is hashed, measured, compared and encoded, and its FLAC file is read back.
    public static let passes = 5

    /// Converts a file; what goes wrong is part of the result, so that a batch goes on.
    ///
    /// - Parameters:
    ///   - input: The WAV file.
    ///   - output: The FLAC file to publish; its folders are made.
    ///   - name: The source's name for the tags.
    ///   - observer: Called after each read of the source with the number of bytes; returns whether to go on, and
    ///     once it has returned false returns it for good.
    /// - Returns: The row for a report, and how the conversion ended.
    public func convert(
        _ input: String, to output: String, name: String,
        observer: @escaping @Sendable (Int) -> Bool = { _ in true }
    ) -> (SourceReport, Outcome) {
        var report = SourceReport(file: input, conversion: SourceReport.Conversion())
        let outcome: Outcome
        do {
            outcome = try convert(input, to: output, name: name, observer: observer, report: &report)
        } catch {
            let error = OutputPath(output).blamed(for: error)
            report.error = "\(error)"
            outcome = .failed(error)
        }
        switch outcome {
        case .converted, .unchanged: return (report, outcome)
        // What an interruption broke off is no verdict on the source.
        case .rejected, .failed, .interrupted: return (report, observer(0) ? outcome : .interrupted)
        }
    }

    private func convert(
        _ input: String, to output: String, name: String, observer: @escaping @Sendable (Int) -> Bool,
        report: inout SourceReport
    ) throws -> Outcome {
        let file = try FileByteSource(path: input)
        let source = ObservedByteSource(file, observer: observer)
        report.size = source.byteCount
        try OutputPath(output).requireDistinct(from: file)
        let analysis = try transcoder.analyze(source)
        report.digest = analysis.digest
        report.inspection = analysis.inspection
        guard analysis.inspection.verdict != .rejected else {
            report.error = analysis.inspection.worstFinding
            return .rejected
        }
        let folder = Folder.parent(of: output)
        try Folder.makeDurably(folder)
        let pending = try PendingFile(inFolder: folder, permissions: 0o644)
        let recording = try transcoder.encode(
            source, analysis, name: name, descriptor: pending.descriptor, path: pending.path)
        let isUnchanged = try publish(pending, as: output, digest: recording.digest)
        report.conversion = SourceReport.Conversion(output: output, recording: recording)
        return isUnchanged ? .unchanged : .converted
    }

    /// Publishes a file, and returns whether one of the same content had the name already.
    private func publish(
        _ pending: consuming PendingFile, as output: String, digest: Digest
    ) throws -> Bool {
        if let existing = try? FileByteSource(path: output) {
            if try existing.digest() == digest {
                pending.discard()
                return true
            }
            guard isReplacing else { throw OutputError.exists(output) }
        }
        try pending.publish(as: output, replacing: isReplacing)
        return false
    }
}
