import PCM

/// A source as a PBX might send it: the bytes of a WAV file with nothing wrong.
struct SourceBytes: Sendable {
    enum Codec: String, CaseIterable {
        case pcm16 = "PCM"
        case muLaw = "G.711 mu-law"
        case aLaw = "G.711 A-law"
        case gsm = "GSM 6.10"
    }

    let bytes: [UInt8]
    let frames: Int

    init(_ codec: Codec = .pcm16, seconds: Int = Speech.usualSeconds) {
        let samples = seconds == Speech.usualSeconds ? Speech.usual : Speech.samples(seconds: seconds)
        let rate = Speech.format.sampleRate
        switch codec {
        case .pcm16:
            let audio = samples.flatMap { Self.little(Int($0), 2) }
            bytes = Self.file(tag: 1, byteRate: 2 * rate, blockAlign: 2, bits: 16, audio: audio)
            frames = samples.count
        case .muLaw:
            // Of the two codes for 0 the one that encoders write.
            let codes = samples.map { G711.muLawCode(for: abs($0) < 8 ? 0 : $0) }
            bytes = Self.file(tag: 7, frames: samples.count, audio: codes)
            frames = samples.count
        case .aLaw:
            bytes = Self.file(tag: 6, frames: samples.count, audio: samples.map(G711.aLawCode))
            frames = samples.count
        case .gsm:
            let blocks = seconds * rate / GSMSpeech.framesPerBlock
            frames = blocks * GSMSpeech.framesPerBlock
            bytes = Self.file(
                tag: 0x31, byteRate: 1625, blockAlign: GSMSpeech.bytesPerBlock, bits: 0,
                extra: Self.little(GSMSpeech.framesPerBlock, 2), frames: frames,
                audio: GSMSpeech.blocks(blocks))
        }
    }

    /// A WAVE file of one channel; all but PCM states the length of its extra fields, and its frames.
    private static func file(
        tag: Int, byteRate: Int = 8000, blockAlign: Int = 1, bits: Int = 8, extra: [UInt8] = [],
        frames: Int? = nil, audio: [UInt8]
    ) -> [UInt8] {
        var format = little(tag, 2) + little(1, 2) + little(Speech.format.sampleRate, 4)
        format += little(byteRate, 4) + little(blockAlign, 2) + little(bits, 2)
        if tag != 1 { format += little(extra.count, 2) + extra }
        var form = Array("WAVE".utf8) + chunk("fmt ", format)
        if let frames { form += chunk("fact", little(frames, 4)) }
        form += chunk("data", audio)
        return chunk("RIFF", form)
    }

    private static func chunk(_ id: String, _ content: [UInt8]) -> [UInt8] {
        Array(id.utf8) + little(content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
    }

    private static func little(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
