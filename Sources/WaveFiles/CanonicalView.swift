internal import ByteSources

/// A WAVE file as it should have been: a fresh header, then the bytes of the audio where they lie in the
/// source.
///
/// libsndfile decodes this view, so no damage to the real header reaches it, and nothing is copied. A last
/// block that is cut is filled up with zeros, as libsndfile reads whole blocks.
struct CanonicalView: ByteSource {
    private let header: [UInt8]
    private let source: any ByteSource
    private let audio: Range<Int64>

    let byteCount: Int64

    init(_ layout: AudioLayout, audio: Range<Int64>, source: any ByteSource) {
        let blockBytes = Int64(max(1, layout.blockBytes))
        let blocks = (audio.upperBound - audio.lowerBound + blockBytes - 1) / blockBytes
        header = Self.header(layout, audioBytes: blocks * blockBytes)
        byteCount = Int64(header.count) + blocks * blockBytes
        self.source = source
        self.audio = audio
    }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        var filled = 0
        if offset < header.count {
            let part = header[Int(offset)...].prefix(buffer.count)
            buffer.copyBytes(from: part)
            filled = part.count
        }
        let start = audio.lowerBound + offset + Int64(filled) - Int64(header.count)
        let wanted = Int(max(0, min(Int64(buffer.count - filled), audio.upperBound - start)))
        if wanted > 0 {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + wanted)])
            let count = try source.read(at: start, into: part)
            filled += count
            // A source that ends early is for the decoder to notice.
            if count < wanted { return filled }
        }
        let padding = Int(max(0, min(Int64(buffer.count - filled), byteCount - offset - Int64(filled))))
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + padding)])
            .initializeMemory(as: UInt8.self, repeating: 0)
        return filled + padding
    }

    private static func header(_ layout: AudioLayout, audioBytes: Int64) -> [UInt8] {
        let order = layout.codec.byteOrder
        let format = fields(of: layout, order)
        let body = Int64(4 + 8 + format.count + 8) + audioBytes
        if body <= Int64(UInt32.max) {
            return Array((order == .big ? "RIFX" : "RIFF").utf8) + order.bytes(UInt32(body))
                + Array("WAVE".utf8)
                + chunk("fmt ", format, order) + Array("data".utf8) + order.bytes(UInt32(audioBytes))
        }
        if order == .little, !layout.codec.isBlockCoded {
            let frames = audioBytes / Int64(max(1, layout.blockBytes))
            let sizes =
                order.bytes(body + 36) + order.bytes(audioBytes) + order.bytes(frames)
                + order.bytes(UInt32(0))
            return Array("RF64".utf8) + order.bytes(UInt32.max) + Array("WAVE".utf8)
                + chunk("ds64", sizes, order)
                + chunk("fmt ", format, order) + Array("data".utf8) + order.bytes(UInt32.max)
        }
        // RF64 has no big-endian form and, in libsndfile, no block codecs. A form of 8 bytes with audio of
        // none is what libsndfile takes for a file that was never closed: its audio then runs to the end.
        return Array((order == .big ? "RIFX" : "RIFF").utf8) + order.bytes(UInt32(8)) + Array("WAVE".utf8)
            + chunk("fmt ", format, order) + Array("data".utf8) + order.bytes(UInt32(0))
    }

    private static func chunk(_ id: StaticString, _ content: [UInt8], _ order: ByteOrder) -> [UInt8] {
        ChunkID(id).bytes + order.bytes(UInt32(content.count)) + content
    }

    private static func fields(of layout: AudioLayout, _ order: ByteOrder) -> [UInt8] {
        func word(_ number: Int) -> [UInt8] { order.bytes(UInt16(truncatingIfNeeded: number)) }
        func long(_ number: Int) -> [UInt8] { order.bytes(UInt32(truncatingIfNeeded: number)) }
        let tag: FormatTag
        var bits = layout.codec.decodedBits
        var blockAlign = layout.blockBytes
        var fieldsOfCodec: [UInt8] = []
        switch layout.codec {
        case .pcmU8, .pcmS16LE, .pcmS16BE, .pcmS24LE, .pcmS24BE, .pcmS32LE, .pcmS32BE:
            tag = .pcm
        case .pcmF32LE, .pcmF32BE, .pcmF64LE, .pcmF64BE:
            tag = .float
        case .pcmMuLaw, .pcmALaw:
            tag = layout.codec == .pcmMuLaw ? .muLaw : .aLaw
            bits = 8
        case .gsmMS:
            tag = .gsm
            bits = 0
            fieldsOfCodec = word(2) + word(layout.framesPerBlock)
        case .adpcmIMA:
            tag = .imaADPCM
            bits = 4
            fieldsOfCodec = word(2) + word(layout.framesPerBlock)
        case .adpcmMS:
            tag = .microsoftADPCM
            bits = 4
            fieldsOfCodec = word(32) + word(layout.framesPerBlock) + word(7) + coefficients.flatMap(word)
        case .adpcmG721:
            tag = .g721
            bits = 4
            blockAlign = 64
            fieldsOfCodec = word(2) + word(0)
        }
        let (rate, overflow) = layout.sampleRate.multipliedReportingOverflow(by: layout.blockBytes)
        return word(Int(tag.code)) + word(layout.channels) + long(layout.sampleRate)
            + long(overflow ? 0 : rate / layout.framesPerBlock) + word(blockAlign) + word(bits)
            + fieldsOfCodec
    }

    /// The seven pairs of predictor coefficients that every Microsoft ADPCM file carries.
    private static let coefficients = [256, 0, 512, -256, 0, 0, 192, 64, 240, 0, 460, -208, 392, -232]
}

extension WaveCodec {
    /// The order in which samples of more than one byte lie.
    fileprivate var byteOrder: ByteOrder {
        switch self {
        case .pcmS16BE, .pcmS24BE, .pcmS32BE, .pcmF32BE, .pcmF64BE: .big
        default: .little
        }
    }
}
