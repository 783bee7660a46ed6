import TestSupport

/// A WAVE file put together field by field, so that any field can be wrong.
struct WaveFixture {
    struct Chunk {
        var id: String
        var content: [UInt8]
        /// The size that the header claims, where it is not the true one.
        var claimed: UInt32?
        /// Whether a chunk of odd size is followed by a pad byte.
        var isPadded = true
    }

    var form = "RIFF"
    var type = "WAVE"
    /// The size of the form, where it is not the true one.
    var formSize: UInt32?
    /// Bytes in front of the form.
    var leading: [UInt8] = []
    var chunks: [Chunk] = []
    /// Bytes behind the last chunk, outside the form.
    var trailing: [UInt8] = []
    /// Bytes behind the last chunk that the form's size counts.
    var stray: [UInt8] = []

    /// A sound file of 16 bits, one channel, 8,000 Hz, and a number of frames.
    static func pcm16(frames: Int = 100) -> WaveFixture {
        WaveFixture(chunks: [
            Chunk(id: "fmt ", content: format()), Chunk(id: "data", content: audio(bytes: 2 * frames)),
        ])
    }

    /// A sound file of a codec that has no samples of its own here.
    static func coded(_ format: [UInt8], fact: UInt32?, data: [UInt8]) -> WaveFixture {
        var chunks = [Chunk(id: "fmt ", content: format)]
        if let fact { chunks.append(Chunk(id: "fact", content: little(fact))) }
        chunks.append(Chunk(id: "data", content: data))
        return WaveFixture(chunks: chunks)
    }

    /// WAV49 with all blocks of zero bytes.
    static func gsm(data: Int, fact: UInt32?) -> WaveFixture {
        coded(
            format(tag: 0x31, byteRate: 1625, blockAlign: 65, bits: 0, tail: [2, 0, 0x40, 1]), fact: fact,
            data: [UInt8](repeating: 0, count: data))
    }

    var bytes: [UInt8] {
        var body: [UInt8] = []
        for chunk in chunks {
            let size = chunk.claimed ?? UInt32(chunk.content.count)
            body += Array(chunk.id.utf8) + number(size) + chunk.content
            if chunk.content.count % 2 == 1, chunk.isPadded { body.append(0) }
        }
        let size = formSize ?? UInt32(4 + body.count + stray.count)
        return leading + Array(form.utf8) + number(size) + Array(type.utf8) + body + stray + trailing
    }

    /// The chunk of a name, the first there is.
    subscript(id: String) -> Chunk {
        get { chunks.first { $0.id == id } ?? Chunk(id: id, content: []) }
        set {
            guard let index = chunks.firstIndex(where: { $0.id == id }) else { return }
            chunks[index] = newValue
        }
    }

    /// A copy with some fields changed.
    func with(_ change: (inout WaveFixture) -> Void) -> WaveFixture {
        var copy = self
        change(&copy)
        return copy
    }

    private func number(_ value: UInt32) -> [UInt8] {
        form == "RIFX" ? Self.little(value).reversed() : Self.little(value)
    }

    /// The content of a fmt chunk; fields left out are worked out from the others.
    static func format(
        tag: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8000, byteRate: UInt32? = nil,
        blockAlign: UInt16? = nil, bits: UInt16 = 16, tail: [UInt8] = []
    ) -> [UInt8] {
        let align = blockAlign ?? (bits + 7) / 8 &* channels
        return little(tag) + little(channels) + little(rate) + little(byteRate ?? rate &* UInt32(align))
            + little(align) + little(bits) + tail
    }

    /// The content of the fmt chunk of an extensible format.
    static func extensible(
        subformat: UInt32 = 1, channels: UInt16 = 1, bits: UInt16 = 16, valid: UInt16? = nil,
        mask: UInt32 = 4,
        blockAlign: UInt16? = nil, guidTail: [UInt8] = guidTail
    ) -> [UInt8] {
        format(
            tag: 0xFFFE, channels: channels, blockAlign: blockAlign, bits: bits,
            tail: little(UInt16(22)) + little(valid ?? bits) + little(mask) + little(subformat) + guidTail)
    }

    static let guidTail: [UInt8] = [0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

    /// Bytes that look like no chunk and are not silent, the same for the same count.
    static func audio(bytes count: Int) -> [UInt8] {
        var random = SplitMix(state: 7)
        return (0..<count).map { index in
            // High bytes stay small, so that 16-bit samples are far from full scale.
            index % 2 == 0
                ? UInt8.random(in: 128...255, using: &random) : UInt8.random(in: 0...9, using: &random)
        }
    }

    static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
