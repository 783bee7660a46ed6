/// The chunk that holds the audio, and how it was delimited.
struct DataChunk {
    /// The byte at which the chunk's header begins.
    let offset: Int64
    /// The size that the header, or the `ds64` chunk, claims.
    let claimedSize: Int64
    /// The bytes taken for audio.
    let content: Range<Int64>
    let delimiting: Delimiting

    enum Delimiting {
        /// By its size, which fits the file.
        case size
        /// By the end of the file, or a later chunk, as the size is 0.
        case sizeZero
        /// The same, as the size is what a writer puts there that cannot go back.
        case streaming
        /// The same, as the 64-bit size is missing.
        case sizeMissing
        /// By a chunk that the size would swallow.
        case laterChunk
        /// By the end of the file, before the size is reached.
        case endOfFile
    }

    /// Whether a size field holds what programs write that cannot go back to fill it in.
    ///
    /// Seen are 0xFFFFFFFF (ffmpeg), 0x7FFFF000 and a little less (sox, which rounds down to whole frames),
    /// 0x7FFFFFFF and 0x80000000 (arecord), and 0xFFFFFFFF less the header.
    static func isPlaceholder(_ size: UInt32) -> Bool {
        (0x7FFF_0000...0x8000_0000).contains(size) || size >= 0xFFFF_0000
    }
}
