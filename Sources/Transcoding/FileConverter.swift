internal import ByteSources
internal import Digests
internal import DurableFiles
internal import Synchronization
internal import WaveFiles

/// Turns WAV files into published FLAC files.
public struct FileConverter: Sendable {
    private let transcoder: Transcoder
    private let isReplacing: Bool
    private let folders = MadeFolders()

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
    /// The source is inspected, hashed, measured and encoded, and its FLAC file is read back.
    public static let passes = 4

    /// The most bytes of a source that is converted in an instant: about a minute of telephone speech.
    public static let shortSize = Int64(Transcoder.memoryLimit)

    /// Converts a file; what goes wrong is part of the result, so that a batch goes on.
    ///
    /// - Parameters:
    ///   - input: The WAV file.
    ///   - output: The FLAC file to publish; its folders are made.
    ///   - name: The source's name for the tags.
    ///   - group: Takes the result; the output has its name when the group is published.
    ///   - observer: Called after each read of the source with the number of bytes; returns whether to go on, and
    ///     once it has returned false returns it for good.
    public func convert(
        _ input: String, to output: String, name: String, in group: inout ConversionGroup,
        observer: @escaping @Sendable (Int) -> Bool = { _ in true }
    ) {
        var report = SourceReport(file: input, conversion: SourceReport.Conversion())
        do {
            guard
                let pending = try write(input, to: output, name: name, observer: observer, report: &report)
            else {
                // What an interruption broke off is no verdict on the source.
                let outcome: FileConversion.Outcome = observer(0) ? .rejected : .interrupted
                return group.add(FileConversion(report: report, outcome: outcome))
            }
            if try hasSameContent(output, report.conversion?.recording?.digest) {
                pending.discard()
                return group.add(FileConversion(report: report, outcome: .unchanged))
            }
            group.add(
                FileConversion(report: report, outcome: .converted), publishing: pending, as: output,
                replacing: isReplacing)
        } catch {
            var conversion = FileConversion(report: report, outcome: .interrupted)
            if observer(0) { conversion.fail(OutputPath(output).blamed(for: error)) }
            group.add(conversion)
        }
    }

    /// Writes and proves the output under a temporary name; nil for a source that is rejected.
    private func write(
        _ input: String, to output: String, name: String, observer: @escaping @Sendable (Int) -> Bool,
        report: inout SourceReport
    ) throws -> PendingFile? {
        let file = try FileByteSource(path: input)
        report.size = file.byteCount
        try OutputPath(output).requireDistinct(from: file)
        let source = try ObservedByteSource(file, observer: observer).loaded(limit: Transcoder.memoryLimit)
        let analysis = try transcoder.analyze(source)
        report.digest = analysis.digest
        report.inspection = analysis.inspection
        guard analysis.inspection.verdict != .rejected else {
            report.error = analysis.inspection.worstFinding
            return nil
        }
        let folder = Folder.parent(of: output)
        try folders.make(folder)
        let pending = try PendingFile(inFolder: folder, permissions: file.ownerPermissions)
        let recording = try transcoder.encode(
            source, analysis, name: name, descriptor: pending.descriptor, path: pending.path)
        report.conversion = SourceReport.Conversion(output: output, recording: recording)
        return pending
    }

    /// Whether the output is there already, with the content that was made.
    ///
    /// - Throws: `OutputError.exists` where it has another and may not be replaced.
    private func hasSameContent(_ output: String, _ digest: Digest?) throws -> Bool {
        guard let existing = try? FileByteSource(path: output) else { return false }
        if try existing.digest() == digest { return true }
        guard isReplacing else { throw OutputError.exists(output) }
        return false
    }
}

/// The folders that a batch has made sure of, so that each is looked at once.
private final class MadeFolders: Sendable {
    private let paths = Mutex(Set<PathKey>())

    func make(_ path: String) throws(FileError) {
        let key = PathKey(path)
        guard !paths.withLock({ $0.contains(key) }) else { return }
        try Folder.makeDurably(path)
        paths.withLock { _ = $0.insert(key) }
    }
}
