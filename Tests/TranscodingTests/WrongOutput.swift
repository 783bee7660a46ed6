import FLACFiles
import Foundation
import PCM
import TestSupport

/// What can come out of an encoder, or be made of it before the proof, that is not the file that was to be written.
enum WrongOutput: String, CaseIterable, Sendable {
    // What an encoder wrote that was given, or that made, something else: every checksum in the file is right.
    case firstSample, middleSample, lastSample, fewerFrames, moreFrames, sampleRate, width
    case keptByte, lastKeptByte, envelopeDigest, envelopeWidth

    // What became of a file behind the encoder's back.
    case frames, frameByte, lastByte, tag, truncated, halved, empty, longer
    case noMD5, otherMD5

    /// Whether only the proof itself can tell: the encoder says that this is what it wrote.
    var isEncoded: Bool {
        switch self {
        case .frames, .frameByte, .lastByte, .tag, .truncated, .halved, .empty, .longer, .noMD5, .otherMD5:
            false
        default: true
        }
    }

    /// Puts this in the place of a finished file; nil where the file has nothing that could be wrong so.
    func replace(_ path: String, _ output: FLACOutput) throws -> FLACOutput? {
        isEncoded ? try encode(path) : try tamper(path) ? output : nil
    }

    private func encode(_ path: String) throws -> FLACOutput? {
        var file = try FinishedFile(path)
        let channels = file.encoding.format.channels
        switch self {
        case .firstSample: file.samples[0] ^= 1
        case .middleSample: file.samples[file.samples.count / 2] ^= 1 << 3
        case .lastSample: file.samples[file.samples.count - 1] ^= 1
        case .fewerFrames:
            // An envelope that is rebuilt fixes the number of frames, and the encoder refuses another.
            guard file.envelope.isKept else { return nil }
            file.samples.removeLast(channels)
            file.encoding.totalFrames = Int64(file.samples.count / channels)
        case .moreFrames:
            guard file.envelope.isKept else { return nil }
            file.samples += [Int32](repeating: 0, count: channels)
            file.encoding.totalFrames = Int64(file.samples.count / channels)
        case .sampleRate: file.encoding.format.sampleRate += 1
        case .width:
            guard file.encoding.format.bitsPerSample == 16 else { return nil }
            file.encoding.format.bitsPerSample = 24
        case .keptByte:
            guard !file.verbatim.isEmpty else { return nil }
            file.verbatim[0] ^= 1
        case .lastKeptByte:
            guard !file.verbatim.isEmpty else { return nil }
            file.verbatim[file.verbatim.count - 1] ^= 0x80
        case .envelopeDigest: file.envelope.sourceSHA256[31] ^= 1
        case .envelopeWidth:
            // Nothing that restores a kept original reads it.
            guard file.envelope.isKept else { return nil }
            file.envelope.sourceBits -= 1
        default: return nil
        }
        return try file.write(to: path)
    }

    private func tamper(_ path: String) throws -> Bool {
        let bytes = try Array(Data(contentsOf: URL(filePath: path)))
        var wrong = bytes
        switch self {
        case .frames:
            // Other samples in frames that are as long, behind the head of the right ones.
            guard let frames = try Self.otherFrames(path, like: bytes) else { return false }
            wrong = frames
        case .frameByte: wrong[bytes.count - bytes.count / 8] ^= 0x10
        case .lastByte: wrong[bytes.count - 1] ^= 1
        case .tag: wrong[try Self.place(of: "SOURCE_NAME", in: bytes) + 12] ^= 2
        case .truncated: wrong.removeLast()
        case .halved: wrong.removeLast(bytes.count / 2)
        case .empty: wrong = []
        case .longer: wrong.append(0)
        case .noMD5: wrong.replaceSubrange(26..<42, with: [UInt8](repeating: 0, count: 16))
        case .otherMD5: wrong[41] ^= 1
        default: return false
        }
        // In place: the encoder's descriptor, which would be published, stays that of this file.
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: wrong)
        try handle.close()
        return true
    }

    private static func otherFrames(_ path: String, like bytes: [UInt8]) throws -> [UInt8]? {
        let folder = try ScratchFolder()
        let file = try FinishedFile(path)
        for index in stride(from: 0, to: file.samples.count, by: file.samples.count / 50 + 1) {
            var other = file
            other.samples[index] ^= 1
            let name = try folder.write([], to: "other.flac")
            guard try other.write(to: name).byteCount == bytes.count else { continue }
            return Array(bytes.prefix(42)) + folder.bytes("other.flac").dropFirst(42)
        }
        return nil
    }

    private static func place(of text: String, in bytes: [UInt8]) throws -> Int {
        guard let place = bytes.firstRange(of: Array(text.utf8)) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return place.lowerBound
    }
}
