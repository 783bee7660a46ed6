/// The size of an ADPCM block, and how many frames it decodes to.
struct ADPCMBlock {
    let bytes: Int
    let frames: Int

    /// Works both out from the block align, or from the frames in a block where that is 0.
    ///
    /// IMA: four bytes a channel give the first sample, then come groups of four bytes for eight samples.
    /// Microsoft: seven bytes a channel give two samples, then one byte gives two more.
    init?(codec: WaveCodec, chunk: FormatChunk) {
        let channels = chunk.channels
        let header = (codec == .adpcmIMA ? 4 : 7) * channels
        let initial = codec == .adpcmIMA ? 1 : 2
        var bytes = chunk.blockAlign
        if bytes == 0, let frames = chunk.extensionNumber, frames > initial {
            bytes = header + (frames - initial) * channels / 2
        }
        guard channels > 0, bytes > header else { return nil }
        self.bytes = bytes
        frames = (bytes - header) * 2 / channels + initial
    }
}
