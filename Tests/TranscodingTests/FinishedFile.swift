import ByteSources
import FLACFiles
import Foundation

/// A FLAC file of ours, taken apart so that it can be written again with one thing in it that is wrong.
struct FinishedFile {
    var samples: [Int32] = []
    var encoding: FLACEncoding
    var comments: [VorbisComment]
    var envelope: Envelope
    /// What the envelope keeps of the original.
    var verbatim: [UInt8] = []

    /// Takes a file apart.
    init(_ path: String) throws {
        let file = try FileByteSource(path: path)
        let metadata = try FLACMetadata(file)
        guard let contents = metadata.envelope else { throw CocoaError(.fileReadCorruptFile) }
        encoding = FLACEncoding(
            format: metadata.streamInfo.format, totalFrames: metadata.streamInfo.totalFrames)
        comments = metadata.comments
        envelope = contents.envelope
        for range in contents.verbatim {
            verbatim += try file.bytes(at: range.lowerBound, count: range.count)
        }
        var decoder = try FLACDecoder(file, metadata: metadata)
        var block: [Int32] = []
        while try decoder.decode(into: &block) > 0 { samples += block }
        try decoder.finish()
    }

    /// Writes the file anew, checksums and all, as an encoder would that was given these things.
    func write(to path: String) throws -> FLACOutput {
        let descriptor = open(path, O_RDWR | O_TRUNC)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(descriptor) }
        let part = VerbatimPart(source: MemoryByteSource(verbatim), range: 0..<Int64(verbatim.count))
        var encoder = try FLACEncoder(
            encoding, comments: comments, envelope: envelope, verbatim: [part], descriptor: descriptor)
        try encoder.encode(samples.span)
        return try encoder.finish()
    }
}
