public import ByteSources

/// A range of a source whose bytes are kept verbatim inside a FLAC file.
public struct VerbatimPart: Sendable {
    /// Where the bytes come from.
    public let source: any ByteSource

    /// Which of its bytes are kept.
    public let range: Range<Int64>

    /// Names a range of a source; it is read when the file is written.
    public init(source: any ByteSource, range: Range<Int64>) {
        self.source = source
        self.range = range
    }

    /// How many bytes are kept.
    public var byteCount: Int64 { range.upperBound - range.lowerBound }
}
