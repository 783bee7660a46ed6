/// Judges the fields of a `fmt ` chunk, and works out the true ones.
struct FormatCheck {
    let chunk: FormatChunk
    let order: ByteOrder

    /// The most channels that a FLAC stream holds (RFC 9639 §8.2).
    private static let channelLimit = 8

    /// The highest rate that a FLAC stream holds, 20 bits (RFC 9639 §8.2).
    private static let sampleRateLimit: Int64 = 1_048_575

    /// The layout of the audio; nil where a fatal finding says why there is none.
    func layout(_ findings: inout FindingList) -> AudioLayout? {
        if chunk.tag == .extensible, chunk.size < FormatChunk.extensibleSize {
            findings.add(
                .formatTruncated, .fatal, at: chunk.offset, expected: "at least 40 bytes",
                found: "\(chunk.size) bytes", "The fmt chunk is too short for an extensible format.")
            return nil
        }
        let shapeFits = judgeShape(&findings)
        guard let codec = codec(&findings), shapeFits else { return nil }
        guard let layout = layout(of: codec, &findings) else { return nil }
        judgeRates(layout, &findings)
        judgeExtension(layout, &findings)
        return layout
    }

    private func judgeShape(_ findings: inout FindingList) -> Bool {
        let (channels, rate) = (chunk.channels, chunk.sampleRate)
        var fits = true
        if channels == 0 {
            fits = false
            findings.add(
                .channelsZero, .fatal, at: chunk.offset + 2, expected: "1 to 8", found: "0",
                "The format has no channels.")
        } else if channels > Self.channelLimit {
            fits = false
            findings.add(
                .channelsUnsupported, .fatal, at: chunk.offset + 2, expected: "1 to 8", found: "\(channels)",
                "The format has more channels than FLAC holds.")
        }
        if rate == 0 {
            fits = false
            findings.add(
                .sampleRateZero, .fatal, at: chunk.offset + 4, expected: "1 to 1048575 Hz", found: "0 Hz",
                "The sample rate is 0.")
        } else if rate > Self.sampleRateLimit {
            fits = false
            findings.add(
                .sampleRateUnsupported, .fatal, at: chunk.offset + 4, expected: "1 to 1048575 Hz",
                found: "\(rate) Hz", "The sample rate is higher than FLAC holds.")
        } else if !Self.isStreamable(rate) {
            findings.add(
                .sampleRateNotStreamable, .note, at: chunk.offset + 4, found: "\(rate) Hz",
                "The sample rate lies outside the streamable subset of FLAC, which some players need.")
        }
        return fits
    }

    /// Whether a frame header of the streamable subset can state the rate (RFC 9639 §7, §9.1.2).
    private static func isStreamable(_ rate: Int64) -> Bool {
        // A header may also state kilohertz, up to 255: all of them multiples of ten.
        rate <= 65_535 || (rate % 10 == 0 && rate <= 655_350)
    }

    private func codec(_ findings: inout FindingList) -> WaveCodec? {
        guard let tag = chunk.codecTag else {
            if case .unknown(let guid) = chunk.subformat { refuse(guid, at: chunk.offset + 24, &findings) }
            return nil
        }
        switch tag {
        case .pcm, .float:
            return linearCodec(tag, &findings)
        case .muLaw: return .pcmMuLaw
        case .aLaw: return .pcmALaw
        case .gsm: return .gsmMS
        case .microsoftADPCM: return .adpcmMS
        case .g721: return .adpcmG721
        case .imaADPCM:
            guard chunk.bits != 3 else {
                refuse("IMA ADPCM of 3 bits", at: chunk.offset + 14, &findings)
                return nil
            }
            return .adpcmIMA
        default:
            refuse(
                tag.description, at: chunk.tag == .extensible ? chunk.offset + 24 : chunk.offset, &findings)
            return nil
        }
    }

    private func linearCodec(_ tag: FormatTag, _ findings: inout FindingList) -> WaveCodec? {
        guard chunk.bits > 0 else {
            findings.add(
                .bitsZero, .fatal, at: chunk.offset + 14, expected: "8 to 64", found: "0",
                "The format has samples of 0 bits.")
            return nil
        }
        if tag == .float {
            if let codec = WaveCodec.real(bits: chunk.bits, order) { return codec }
            refuse("float of \(chunk.bits) bits", at: chunk.offset + 14, &findings)
            return nil
        }
        if let codec = WaveCodec.integer(bytes: containerBytes, order) { return codec }
        refuse("PCM of \(chunk.bits) bits", at: chunk.offset + 14, &findings)
        return nil
    }

    private func refuse(_ name: String, at offset: Int64, _ findings: inout FindingList) {
        findings.add(
            .codecUnsupported, .fatal, at: offset, expected: "PCM, float, G.711, GSM 6.10, ADPCM or G.721",
            found: name, "The audio is \(name), which cannot be decoded here.")
    }

    /// Whether samples of three bytes seem to lie in containers of four.
    private var isContainerAmbiguous: Bool {
        chunk.codecTag == .pcm && (17...24).contains(chunk.bits) && chunk.blockAlign == 4 * chunk.channels
    }

    private var containerBytes: Int { isContainerAmbiguous ? 4 : (chunk.bits + 7) / 8 }

    private func layout(of codec: WaveCodec, _ findings: inout FindingList) -> AudioLayout? {
        var blockBytes = chunk.channels
        var framesPerBlock = 1
        switch codec {
        case .gsmMS:
            (blockBytes, framesPerBlock) = (65, 320)
        case .adpcmG721:
            // The block align of writers differs; the code itself is one byte for two frames.
            (blockBytes, framesPerBlock) = (1, 2)
        case .adpcmIMA, .adpcmMS:
            guard let block = ADPCMBlock(codec: codec, chunk: chunk) else {
                findings.add(
                    .codecUndecodable, .fatal, at: chunk.offset + 12,
                    expected: "a block that holds its own header",
                    found: "\(chunk.blockAlign) bytes", "The ADPCM blocks are too small to hold any sample.")
                return nil
            }
            (blockBytes, framesPerBlock) = (block.bytes, block.frames)
        case .pcmMuLaw, .pcmALaw:
            break
        default:
            blockBytes = chunk.channels * (codec.isFloatingPoint ? chunk.bits / 8 : containerBytes)
        }
        judgeBits(codec, &findings)
        if codec != .adpcmG721, chunk.blockAlign != blockBytes {
            findings.add(
                .blockAlignWrong, .warning, at: chunk.offset + 12, expected: "\(blockBytes)",
                found: "\(chunk.blockAlign)",
                "The block align disagrees with the codec, its bits and channels.")
        }
        return AudioLayout(
            codec: codec, channels: chunk.channels, sampleRate: Int(chunk.sampleRate), blockBytes: blockBytes,
            framesPerBlock: framesPerBlock)
    }

    private func judgeBits(_ codec: WaveCodec, _ findings: inout FindingList) {
        let expected: [Int]
        switch codec {
        case .pcmMuLaw, .pcmALaw: expected = [8]
        case .gsmMS: expected = [0]
        case .adpcmIMA, .adpcmMS, .adpcmG721: expected = [4]
        default: expected = []
        }
        if let first = expected.first, !expected.contains(chunk.bits) {
            findings.add(
                .bitsWrong, .warning, at: chunk.offset + 14, expected: "\(first)", found: "\(chunk.bits)",
                "The bits per sample disagree with the codec.")
        }
        guard chunk.codecTag == .pcm else { return }
        if isContainerAmbiguous {
            findings.add(
                .containerAmbiguous, .warning, at: chunk.offset + 12, expected: "\(3 * chunk.channels)",
                found: "\(chunk.blockAlign)",
                "The block align gives \(chunk.bits)-bit samples four bytes each; they are decoded from those."
            )
        }
        let valid = chunk.tag == .extensible ? chunk.extensionNumber ?? 0 : 0
        if chunk.bits % 8 != 0 || (valid % 8 != 0 && valid < chunk.bits) {
            let width = chunk.bits % 8 != 0 ? chunk.bits : valid
            findings.add(
                .bitsNotByteMultiple, .note, at: chunk.offset + 14, found: "\(width) bits",
                "Samples of \(width) bits are left-justified in \(containerBytes) bytes each.")
        }
    }

    private func judgeRates(_ layout: AudioLayout, _ findings: inout FindingList) {
        // Writers round the mean rate of block codecs in several ways; one part in fifty is no finding.
        let exact = chunk.sampleRate * Int64(layout.blockBytes) / Int64(layout.framesPerBlock)
        let tolerance = layout.codec.isBlockCoded ? exact / 50 + 1 : 0
        guard exact <= Int64(UInt32.max), (chunk.byteRate - exact).magnitude > UInt64(tolerance) else {
            return
        }
        findings.add(
            .byteRateWrong, .warning, at: chunk.offset + 8, expected: "\(exact)", found: "\(chunk.byteRate)",
            "The byte rate disagrees with sample rate and block align.")
    }

    private func judgeExtension(_ layout: AudioLayout, _ findings: inout FindingList) {
        let least: Int
        switch layout.codec {
        case .gsmMS, .adpcmIMA: least = 2
        case .adpcmMS: least = 32
        default: least = chunk.tag == .extensible ? 22 : 0
        }
        let stated = chunk.extensionSize
        // PCM, and by custom G.711 and float, may end before the extension's size.
        let held = max(0, Int(min(chunk.size, 65_536)) - 18)
        if (stated != nil || least > 0 || chunk.size > 16) && (stated != held || held < least) {
            findings.add(
                .extensionSizeWrong, .warning, at: chunk.offset + 16, expected: "\(max(held, least))",
                found: held < least ? "\(held) bytes" : stated.map(String.init) ?? "none",
                "The size of the format's extension disagrees with the chunk or the codec.")
        }
        if layout.codec.isBlockCoded, layout.codec != .adpcmG721, chunk.tag != .extensible,
            let frames = chunk.extensionNumber, frames != layout.framesPerBlock
        {
            findings.add(
                .samplesPerBlockWrong, .warning, at: chunk.offset + 18, expected: "\(layout.framesPerBlock)",
                found: "\(frames)", "The frames in a block disagree with its size.")
        }
        guard chunk.tag == .extensible else { return }
        if let valid = chunk.extensionNumber, valid > chunk.bits, !layout.codec.isBlockCoded {
            findings.add(
                .validBitsExceedContainer, .warning, at: chunk.offset + 18, expected: "at most \(chunk.bits)",
                found: "\(valid)", "A sample has more valid bits than its container.")
        }
        // The highest bit stands for any set of speakers (SPEAKER_ALL).
        if let mask = chunk.channelMask, mask != 0, mask >> 31 == 0, mask.nonzeroBitCount != chunk.channels {
            findings.add(
                .channelMaskMismatch, .warning, at: chunk.offset + 20, expected: "\(chunk.channels) speakers",
                found: "\(mask.nonzeroBitCount) speakers",
                "The channel mask names another number of channels.")
        }
    }
}
