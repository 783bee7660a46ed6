internal import ByteSources

/// An envelope found in a file, and where the file holds the verbatim bytes.
///
/// The verbatim bytes are not loaded: read the ranges from the same source, in their order.
public struct EnvelopeContents: Sendable, Hashable {
    /// The header.
    public let envelope: Envelope

    /// Where the verbatim bytes lie in the file, in order; several ranges where they span blocks.
    public let verbatim: [Range<Int64>]

    /// Where the bytes before the audio lie; empty for a kept original.
    public var prefix: [Range<Int64>] {
        guard case .rebuilt(_, _, let length, _) = envelope.restoration else { return [] }
        return verbatim.part(from: 0, count: length)
    }

    /// Where the bytes after the audio lie; empty for a kept original.
    public var suffix: [Range<Int64>] {
        guard case .rebuilt(_, _, let start, let length) = envelope.restoration else { return [] }
        return verbatim.part(from: start, count: length)
    }

    /// Where the bytes of a kept original lie; empty for a rebuilt one.
    public var original: [Range<Int64>] {
        guard case .kept = envelope.restoration else { return [] }
        return verbatim
    }

    /// Parses the envelope that the payloads of our APPLICATION blocks make up together.
    ///
    /// - Parameters:
    ///   - payloads: The blocks' contents after the id, in the order of the file.
    ///   - source: The file.
    /// - Throws: `FLACError.envelope` for what is malformed, `unreadable` for the system's reasons.
    init(payloads: [Range<Int64>], in source: any ByteSource) throws(FLACError) {
        let total = payloads.reduce(0) { $0 + Int64($1.count) }
        var header: [UInt8] = []
        for range in payloads.part(from: 0, count: Int64(Envelope.headerLength)) {
            let bytes: [UInt8]
            do { bytes = try source.bytes(at: range.lowerBound, count: range.count) } catch {
                throw .unreadable(error)
            }
            header += bytes
        }
        do throws(EnvelopeError) {
            envelope = try Envelope(parsing: header)
            let found = total - Int64(Envelope.headerLength)
            guard envelope.verbatimByteCount == found else {
                throw .verbatimMismatch(expected: envelope.verbatimByteCount, found: found)
            }
        } catch {
            throw .envelope(error)
        }
        verbatim = payloads.part(from: Int64(Envelope.headerLength), count: total)
    }
}

extension [Range<Int64>] {
    /// The part of a sequence of ranges that starts after `start` bytes and has at most `count`.
    func part(from start: Int64, count: Int64) -> [Range<Int64>] {
        var skip = start
        var wanted = count
        var parts: [Range<Int64>] = []
        for range in self {
            let length = range.upperBound - range.lowerBound
            let skipped = Swift.min(skip, length)
            let taken = Swift.min(wanted, length - skipped)
            if taken > 0 {
                parts.append(range.lowerBound + skipped..<range.lowerBound + skipped + taken)
            }
            skip -= skipped
            wanted -= taken
        }
        return parts
    }
}
