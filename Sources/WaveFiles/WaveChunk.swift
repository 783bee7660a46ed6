/// A chunk of a WAVE file as its header describes it.
public struct WaveChunk: Sendable, Hashable {
    /// The four characters of its name; bytes that do not print are written `\xNN`.
    public let id: String

    /// The byte at which its header begins.
    public let offset: Int64

    /// The size that its header (or the `ds64` chunk) claims, in bytes, without header and pad byte.
    public let claimedSize: Int64

    /// The bytes of the file that are taken for its content; shorter or longer than claimed where that is
    /// wrong.
    public let content: Range<Int64>

    /// The type of a LIST chunk, such as `INFO`; nil for any other.
    public let listType: String?
}

/// The eight bytes in front of every chunk.
struct ChunkHeader {
    let id: ChunkID
    let size: UInt32

    static let length: Int64 = 8
}
