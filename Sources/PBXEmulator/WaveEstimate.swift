/// As much of a WAV header as the emulator needs to list a message's length, read without complaint.
///
/// This is no validator: where a size is wrong or the file ends early, the audio is taken to run to the end
/// of the file.
struct WaveEstimate: Sendable, Hashable {
    let formatTag: Int
    let channels: Int
    let sampleRate: Int
    let bitsPerSample: Int
    /// Bytes per second as the header says it, which holds for compressed formats too.
    let byteRate: Int
    let audio: Range<Int>

    /// Reads a header; nil where there is none, or no audio behind it.
    init?(_ bytes: [UInt8]) {
        guard Self.id(at: 0, in: bytes) == "RIFF", Self.id(at: 8, in: bytes) == "WAVE" else { return nil }
        var offset = 12
        var format: Int?
        var audio: Range<Int>?
        while audio == nil, let id = Self.id(at: offset, in: bytes),
            let size = Self.number(at: offset + 4, 4, in: bytes)
        {
            let start = offset + 8
            if id == "fmt ", size >= 16, start + 16 <= bytes.count {
                format = start
            } else if id == "data" {
                let isGiven = size > 0 && start + size <= bytes.count
                audio = start..<(isGiven ? start + size : bytes.count)
            }
            offset = start + size + size % 2
        }
        guard let format, let audio,
            let tag = Self.number(at: format, 2, in: bytes),
            let channels = Self.number(at: format + 2, 2, in: bytes),
            let sampleRate = Self.number(at: format + 4, 4, in: bytes),
            let byteRate = Self.number(at: format + 8, 4, in: bytes),
            let bits = Self.number(at: format + 14, 2, in: bytes)
        else { return nil }
        formatTag = tag
        self.channels = channels
        self.sampleRate = sampleRate
        self.byteRate = byteRate
        bitsPerSample = bits
        self.audio = audio
    }

    /// The length in whole seconds, rounded down as a PBX counts them; 0 where the byte rate is 0.
    var seconds: Int { byteRate > 0 ? audio.count / byteRate : 0 }

    /// The samples of 16-bit mono PCM; nil for any other format.
    func samples(in bytes: [UInt8]) -> [Int32]? {
        guard formatTag == 1, channels == 1, bitsPerSample == 16 else { return nil }
        return stride(from: audio.lowerBound, to: audio.upperBound - 1, by: 2).map { offset in
            Int32(Int16(truncatingIfNeeded: Int(bytes[offset]) | Int(bytes[offset + 1]) << 8))
        }
    }

    private static func id(at offset: Int, in bytes: [UInt8]) -> String? {
        guard offset + 4 <= bytes.count else { return nil }
        return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }

    private static func number(at offset: Int, _ count: Int, in bytes: [UInt8]) -> Int? {
        guard offset + count <= bytes.count else { return nil }
        return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
