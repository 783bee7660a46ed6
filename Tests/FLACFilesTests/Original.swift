import ByteSources
import FLACFiles
import Foundation
import PCM
import TestSupport

/// An original file, and how a FLAC file of its samples keeps it; the leveling is written out here independently.
struct Original {
    let encoding: SampleEncoding
    let scale: Envelope.Scale
    let prefix: [UInt8]
    let audio: [UInt8]
    let suffix: [UInt8]

    /// The samples as the FLAC file stores them.
    let stored: [Int32]

    var bytes: [UInt8] { prefix + audio + suffix }

    /// Makes an original of source samples; a scale is valid only if it loses none of them.
    init(
        _ samples: [Int32], encoding: SampleEncoding,
        scale: Envelope.Scale = Envelope.Scale(multiplier: 65_536, zeroBits: 0, shift: 0),
        prefix: [UInt8] = Array("prefix".utf8), suffix: [UInt8] = []
    ) {
        self.encoding = encoding
        self.scale = scale
        self.prefix = prefix
        self.suffix = suffix
        var audio: [UInt8] = []
        encoding.append(samples.span, to: &audio)
        self.audio = audio
        stored = samples.map { sample in
            let k = Int64(sample) >> Int64(scale.zeroBits)
            return Int32(((k * scale.multiplier + 32_768) >> 16) << Int64(scale.shift))
        }
    }

    /// A plain WAV file: a header of 44 bytes, and nothing behind the audio.
    static func wave(_ samples: [Int32], format: PCMFormat) throws -> Original {
        let size = samples.count * 2
        var header = Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
        header += little(1, 2) + little(format.channels, 2) + little(format.sampleRate, 4)
        header +=
            little(format.sampleRate * format.channels * 2, 4) + little(format.channels * 2, 2)
            + little(16, 2)
        header += Array("data".utf8) + little(size, 4)
        guard let encoding = SampleEncoding(law: .littleEndian, bytesPerSample: 2) else {
            throw CocoaError(.featureUnsupported)
        }
        return Original(samples, encoding: encoding, prefix: header)
    }

    /// The envelope that restores this original, and its verbatim bytes; the original is left in the folder.
    func envelope(in folder: ScratchFolder, name: String = "original") throws -> (Envelope, [VerbatimPart]) {
        let path = try folder.write(bytes, to: name)
        let source = try FileByteSource(path: path)
        let envelope = Envelope(
            restoration: .rebuilt(
                encoding, scale, prefixLength: Int64(prefix.count), suffixLength: Int64(suffix.count)),
            sourceBits: encoding.bitsPerSample, sourceSize: source.byteCount,
            sourceSHA256: try Tool.sha256(ofFile: path))
        let end = source.byteCount - Int64(suffix.count)
        return (
            envelope,
            [
                VerbatimPart(source: source, range: 0..<Int64(prefix.count)),
                VerbatimPart(source: source, range: end..<source.byteCount),
            ]
        )
    }

    /// The envelope of a kept original of so many bytes of noise, left in the folder.
    static func kept(
        size: Int, in folder: ScratchFolder, name: String = "original"
    ) throws -> (Envelope, [VerbatimPart]) {
        // A period that is no multiple of any buffer or block, so that a piece out of place is noticed.
        let period = Signals.noise(frames: 65_521, bits: 8).map { UInt8(truncatingIfNeeded: $0) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + period.count)
        while bytes.count < size { bytes += period }
        bytes.removeLast(bytes.count - size)
        let path = try folder.write(bytes, to: name)
        let source = try FileByteSource(path: path)
        let envelope = Envelope(
            restoration: .kept(nil), sourceBits: 32, sourceSize: source.byteCount,
            sourceSHA256: try Tool.sha256(ofFile: path))
        return (envelope, [VerbatimPart(source: source, range: 0..<source.byteCount)])
    }

    private static func little(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
