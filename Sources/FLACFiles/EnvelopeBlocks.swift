internal import ByteSources

/// The APPLICATION blocks that an envelope with its verbatim bytes takes up.
///
/// The header and the verbatim bytes are one payload, cut wherever a block is full; the parts are read while they
/// are written, a quarter of a mebibyte at a time.
struct EnvelopeBlocks {
    /// The most payload bytes in a block: 24 bits of length less the four bytes of the id.
    static let payloadLimit = (1 << 24) - 1 - Envelope.applicationID.count

    private let header: [UInt8]
    private let parts: [VerbatimPart]

    private static let chunkSize = 1 << 18

    /// Checks that the fields agree with each other and with the parts.
    init(_ envelope: Envelope, verbatim parts: [VerbatimPart]) throws(FLACError) {
        var total: Int64 = 0
        for part in parts {
            guard part.range.lowerBound >= 0, part.range.upperBound <= part.source.byteCount else {
                throw .unreadable(ByteSourceError(name: "The original", code: 0))
            }
            let (sum, overflows) = total.addingReportingOverflow(part.byteCount)
            guard !overflows else {
                throw .unsupported("verbatim parts beyond 2^63 - 1 bytes cannot be kept")
            }
            total = sum
        }
        do throws(EnvelopeError) {
            try envelope.validate()
            guard total == envelope.verbatimByteCount else {
                throw .verbatimMismatch(expected: envelope.verbatimByteCount, found: total)
            }
        } catch {
            throw .envelope(error)
        }
        // Room for the other blocks that a reader counts: STREAMINFO, comments, seek table, and what taggers add.
        guard total / Int64(Self.payloadLimit) < MetadataWalk.blockLimit - 64 else {
            throw .unsupported(
                "an original of \(envelope.sourceSize) bytes does not fit the metadata of a file")
        }
        header = envelope.headerBytes
        self.parts = parts
    }

    /// Writes the blocks from an offset on, the last one marked as the last of the metadata.
    ///
    /// - Returns: The number of bytes written.
    func write(to output: inout DescriptorOutput, at offset: Int64) throws(FLACError) -> Int64 {
        var cursor = Cursor(
            offset: offset, payloadLeft: parts.reduce(Int64(header.count)) { $0 + $1.byteCount })
        try cursor.write(header.span.bytes, to: &output)
        for part in parts {
            var position = part.range.lowerBound
            while position < part.range.upperBound {
                let wanted = Int(min(Int64(Self.chunkSize), part.range.upperBound - position))
                let bytes: [UInt8]
                do { bytes = try part.source.bytes(at: position, count: wanted) } catch {
                    throw .unreadable(error)
                }
                guard bytes.count == wanted else {
                    throw .unreadable(ByteSourceError(name: "The original", code: 0))
                }
                try cursor.write(bytes.span.bytes, to: &output)
                position += Int64(wanted)
            }
        }
        return cursor.offset - offset
    }

    /// A place in the payload, which opens a new block whenever the one before is full.
    private struct Cursor {
        var offset: Int64
        var payloadLeft: Int64
        private var blockLeft = 0

        init(offset: Int64, payloadLeft: Int64) {
            self.offset = offset
            self.payloadLeft = payloadLeft
        }

        mutating func write(
            _ bytes: RawSpan, to output: inout DescriptorOutput
        ) throws(FLACError) {
            var start = 0
            while start < bytes.byteCount {
                if blockLeft == 0 {
                    blockLeft = Int(min(payloadLeft, Int64(EnvelopeBlocks.payloadLimit)))
                    try put(openBlock(payload: blockLeft), to: &output)
                }
                let count = min(bytes.byteCount - start, blockLeft)
                try output.write(bytes.extracting(start..<start + count), at: offset)
                offset += Int64(count)
                blockLeft -= count
                payloadLeft -= Int64(count)
                start += count
            }
        }

        /// The header and the id of a block with so many payload bytes.
        private func openBlock(payload: Int) -> [UInt8] {
            let application: UInt8 = 2
            let isLast = Int64(payload) == payloadLeft
            let length = UInt32(payload + Envelope.applicationID.count)
            var bytes: [UInt8] = []
            bytes.append(bigEndian: UInt32(isLast ? application | 0x80 : application) << 24 | length)
            return bytes + Envelope.applicationID
        }

        private mutating func put(_ bytes: [UInt8], to output: inout DescriptorOutput) throws(FLACError) {
            try output.write(bytes.span.bytes, at: offset)
            offset += Int64(bytes.count)
        }
    }
}
