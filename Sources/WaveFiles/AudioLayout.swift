internal import PCM

/// How the bytes of the audio are to be decoded: the true values, whatever the header's fields say.
struct AudioLayout: Sendable, Hashable {
    let codec: WaveCodec
    let channels: Int
    let sampleRate: Int
    /// The smallest run of bytes that decodes by itself: a frame of PCM, a block of ADPCM or GSM.
    let blockBytes: Int
    let framesPerBlock: Int

    /// The frames that the beginning of a block decodes to by itself.
    ///
    /// Only ADPCM has any: its samples follow each other behind the header of the block. ffmpeg and sox
    /// agree.
    func frames(inPartialBlock bytes: Int) -> Int {
        switch codec {
        case .adpcmIMA where bytes >= 4 * channels:
            1 + (bytes - 4 * channels) / (4 * channels) * 8
        case .adpcmMS where bytes >= 7 * channels:
            2 + (bytes - 7 * channels) * 2 / channels
        default:
            0
        }
    }

    var format: PCMFormat {
        PCMFormat(sampleRate: sampleRate, channels: channels, bitsPerSample: codec.decodedBits)
    }
}
