internal import PCM

/// How the bytes of the audio are to be decoded: the true values, whatever the header's fields say.
struct AudioLayout: Sendable, Hashable {
    let codec: WaveCodec
    let channels: Int
    let sampleRate: Int
    /// The smallest run of bytes that decodes by itself: a frame of PCM, a block of ADPCM or GSM.
    let blockBytes: Int
    let framesPerBlock: Int

    var format: PCMFormat {
        PCMFormat(sampleRate: sampleRate, channels: channels, bitsPerSample: codec.decodedBits)
    }
}
