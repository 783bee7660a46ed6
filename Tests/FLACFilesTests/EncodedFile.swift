import ByteSources
import FLACFiles
import Foundation
import PCM

/// A FLAC file made by the encoder under test.
enum EncodedFile {
    /// Encodes samples into a new file, some thousand at a time, and returns the size that the encoder tells.
    @discardableResult
    static func write(
        _ samples: [Int32], as encoding: FLACEncoding, comments: [VorbisComment] = [],
        envelope: Envelope? = nil,
        verbatim: [VerbatimPart] = [], to path: String
    ) throws -> Int64 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(descriptor) }
        var encoder = try FLACEncoder(
            encoding, comments: comments, envelope: envelope, verbatim: verbatim, descriptor: descriptor)
        let step = 4000 * encoding.format.channels
        for start in stride(from: 0, to: samples.count, by: step) {
            try encoder.encode(samples.span.extracting(start..<min(start + step, samples.count)))
        }
        return try encoder.finish().byteCount
    }

    /// Decodes a whole file with the decoder under test.
    static func decode(_ source: any ByteSource) throws -> [Int32] {
        var decoder = try FLACDecoder(source)
        var all: [Int32] = []
        var block: [Int32] = []
        while try decoder.decode(into: &block) > 0 { all += block }
        try decoder.finish()
        return all
    }

    static func decode(_ path: String) throws -> [Int32] {
        try decode(FileByteSource(path: path))
    }
}
