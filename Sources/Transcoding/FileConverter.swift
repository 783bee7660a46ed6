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

    /// Converts a file; what goes wrong is part of the result, so that a batch goes on.
    ///
    /// - Parameters:
    ///   - input: The WAV file.
    ///   - output: The FLAC file to publish; its folders are made.
    ///   - name: The source's name for the tags.
    /// - Returns: The row for a report, and how the conversion ended.
    public func convert(_ input: String, to output: String, name: String) -> (SourceReport, Outcome) {
        var report = SourceReport(file: input, conversion: SourceReport.Conversion())
        do {
            let source = try FileByteSource(path: input)
            report.size = source.byteCount
            let analysis = try transcoder.analyze(source)
            report.digest = analysis.digest
            report.inspection = analysis.inspection
            guard analysis.inspection.verdict != .rejected else {
                report.error = analysis.inspection.worstFinding
                return (report, .rejected)
            }
            let folder = Folder.parent(of: output)
            try Folder.makeDurably(folder)
            let pending = try PendingFile(inFolder: folder, permissions: 0o644)
            let recording = try transcoder.encode(
                source, analysis, name: name, descriptor: pending.descriptor, path: pending.path)
            let isUnchanged = try publish(pending, as: output, digest: recording.digest, input: input)
            report.conversion = SourceReport.Conversion(output: output, recording: recording)
            return (report, isUnchanged ? .unchanged : .converted)
        } catch {
            report.error = "\(error)"
            return (report, .failed(error))
        }
    }

    /// Publishes a file, and returns whether one of the same content had the name already.
    private func publish(
        _ pending: consuming PendingFile, as output: String, digest: Digest, input: String
    ) throws -> Bool {
        if let existing = try? FileByteSource(path: output) {
            if try existing.digest() == digest {
                pending.discard()
                return true
            }
            guard isReplacing else { throw ConversionError.outputExists(output) }
            // A FLAC file given as its own input is never replaced by what is made of it.
            guard try !existing.isSameFile(as: FileByteSource(path: input)) else {
                throw ConversionError.outputIsInput(output)
            }
        }
        try pending.publish(as: output, replacing: isReplacing)
        return false
    }
}

/// Why a finished FLAC file was not published.
public enum ConversionError: Error, Sendable, Hashable {
    /// The output exists and holds something else.
    case outputExists(String)
    /// The output is the input.
    case outputIsInput(String)
}

extension ConversionError: CustomStringConvertible {
    /// One sentence that names the file and what to do about it.
    public var description: String {
        switch self {
        case .outputExists(let path):
            "\(path) exists and differs from what would be written; move it away, or use --force to replace it."
        case .outputIsInput(let path):
            "\(path) is the input itself; choose another output folder."
        }
    }
}
