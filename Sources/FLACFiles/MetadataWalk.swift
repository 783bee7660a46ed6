internal import ByteSources

/// A metadata block as its header describes it (RFC 9639 §8.1).
struct MetadataBlock {
    /// The block types that matter here; the rest are skipped by their length.
    enum BlockType: Equatable {
        case streamInfo, application, vorbisComment, other
    }

    let type: BlockType

    /// Where the block's header starts.
    let offset: Int64

    /// Where the bytes after the header lie.
    let content: Range<Int64>
}

/// A walk over the metadata blocks of a FLAC file, from the marker to the first frame.
struct MetadataWalk {
    /// The marker at the start of a stream.
    static let marker = Array("fLaC".utf8)

    /// The most blocks accepted, so that a file of empty blocks is refused before it costs time.
    ///
    /// Envelopes of a terabyte stay below it, at 16 MiB a block.
    static let blockLimit = 65_536

    let streamStart: Int64
    private(set) var position: Int64

    private let source: any ByteSource
    private var blockCount = 0
    private var isAtEnd = false

    /// Finds the marker, after ID3v2 tags if there are any.
    init(_ source: any ByteSource) throws(FLACError) {
        self.source = source
        var start: Int64 = 0
        // Taggers leave one tag, seldom two; more are taken for what they are, no FLAC file.
        for _ in 0..<4 {
            guard let length = Self.id3Length(try Self.read(source, at: start, count: 10)) else { break }
            start += length
        }
        let found = try Self.read(source, at: start, count: 4)
        if found == Array("OggS".utf8) {
            throw .unsupported("FLAC within Ogg cannot be read; unwrap it with “ffmpeg -c copy”")
        }
        guard found == Self.marker else { throw .illFormed("the marker “fLaC” is missing", offset: start) }
        streamStart = start
        position = start + 4
    }

    /// The next block, or nil after the last one; `position` is then that of the first frame.
    mutating func next() throws(FLACError) -> MetadataBlock? {
        guard !isAtEnd else { return nil }
        guard blockCount < Self.blockLimit else {
            throw .illFormed("there are more than \(Self.blockLimit) metadata blocks", offset: position)
        }
        let header = try Self.read(source, at: position, count: 4)
        guard header.count == 4 else {
            throw .illFormed("the file ends inside a metadata block header", offset: position)
        }
        let type: MetadataBlock.BlockType
        switch header[0] & 0x7F {
        case 0: type = .streamInfo
        case 2: type = .application
        case 4: type = .vorbisComment
        case 127: throw .illFormed("a metadata block has the forbidden type 127", offset: position)
        default: type = .other
        }
        let start = position + 4
        let end = start + Int64(UInt32(bigEndian: header[1...]))
        guard end <= source.byteCount else {
            throw .illFormed("a metadata block is longer than the file", offset: position)
        }
        let block = MetadataBlock(type: type, offset: position, content: start..<end)
        isAtEnd = header[0] & 0x80 != 0
        blockCount += 1
        position = end
        return block
    }

    /// Reads a block's content, or its first bytes.
    func content(of block: MetadataBlock, limit: Int = .max) throws(FLACError) -> [UInt8] {
        let count = min(limit, block.content.count)
        let bytes = try Self.read(source, at: block.content.lowerBound, count: count)
        guard bytes.count == count else {
            throw .illFormed("the file ends inside a metadata block", offset: block.offset)
        }
        return bytes
    }

    /// The length of an ID3v2 tag with its header and footer, or nil if the bytes start none.
    private static func id3Length(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count == 10, bytes.starts(with: "ID3".utf8), bytes[6...9].allSatisfy({ $0 < 0x80 }) else {
            return nil
        }
        let hasFooter = bytes[5] & 0x10 != 0
        return bytes[6...9].reduce(0) { $0 << 7 | Int64($1) } + (hasFooter ? 20 : 10)
    }

    private static func read(
        _ source: any ByteSource, at offset: Int64, count: Int
    ) throws(FLACError) -> [UInt8] {
        do {
            return try source.bytes(at: offset, count: count)
        } catch {
            throw .unreadable(error)
        }
    }
}
