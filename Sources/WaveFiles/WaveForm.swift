internal import ByteSources

/// The outermost structure of the file: its id, and where it begins.
struct WaveForm {
    let id: ChunkID
    /// The byte at which the id stands.
    let offset: Int64
    /// The size field as it stands.
    let size: UInt32

    static let riff = ChunkID("RIFF")
    static let bigEndian = ChunkID("RIFX")
    static let rf64 = ChunkID("RF64")
    static let bw64 = ChunkID("BW64")

    static let ids: Set<ChunkID> = [riff, bigEndian, rf64, bw64]

    var order: ByteOrder { id == Self.bigEndian ? .big : .little }

    /// Whether 64-bit sizes are to be had from a `ds64` chunk (EBU Tech 3306, ITU-R BS.2088).
    var isExtended: Bool { id == Self.rf64 || id == Self.bw64 }

    /// The byte at which the first chunk begins.
    var firstChunk: Int64 { offset + 12 }
}

/// Looks for the form at the start of a file and behind bytes that do not belong there.
struct FormLocator {
    /// How far in a form may begin.
    static let searchLimit = 65_536

    let window: ByteWindow

    /// Finds the form, and says what stands in its way; nil where there is none.
    func locate(_ findings: inout FindingList) throws(ByteSourceError) -> WaveForm? {
        if window.byteCount == 0 {
            findings.add(
                .fileEmpty, .fatal, at: 0, expected: "a WAVE file", found: "0 bytes", "The file is empty.")
            return nil
        }
        if let form = try form(at: 0) { return form }
        let head = Array(try window.bytes(at: 0, count: 512))
        let kind = ContentKind(head)
        let id = ChunkID(head.prefix(4))
        if head.count >= 4, WaveForm.ids.contains(id) {
            let type = head.dropFirst(8).prefix(4)
            findings.add(
                .riffNotWave, .fatal, at: min(8, window.byteCount), expected: "WAVE",
                found: type.isEmpty ? "end of file" : ChunkID.printable(type),
                "The file is \(id) but not of the form WAVE.")
            return nil
        }
        if kind?.encloses != true, let form = try search(head) {
            findings.add(
                .riffLeadingBytes, .warning, at: 0, expected: "\(form.id) at byte 0",
                found: "\(form.id) at byte \(form.offset)",
                "The form begins behind \(form.offset) bytes that look like \(Self.leading(head, kind)).")
            return form
        }
        findings.add(
            .riffIDUnknown, .fatal, at: 0, expected: "RIFF, RIFX, RF64 or BW64",
            found: kind?.name ?? ChunkID.printable(head.prefix(4)),
            kind.map { "This is no WAVE file: it looks like \($0.name)." }
                ?? "This is no WAVE file: no form was found in its first 64 KiB.")
        return nil
    }

    private static func leading(_ head: [UInt8], _ kind: ContentKind?) -> String {
        head.starts(with: Array("ID3".utf8)) ? "an ID3v2 tag" : kind?.name ?? "no known content"
    }

    private func search(_ head: [UInt8]) throws(ByteSourceError) -> WaveForm? {
        let bytes = try window.bytes(at: 0, count: Self.searchLimit)
        var place: Int64?
        for offset in 0..<max(0, bytes.count - 11)
        where bytes[offset] == UInt8(ascii: "R") || bytes[offset] == 0x42 {
            if Self.isForm(UnsafeRawBufferPointer(rebasing: bytes[offset...])) {
                place = Int64(offset)
                break
            }
        }
        if let place { return try form(at: place) }
        // A tag with a picture can be longer than the search; its length is seven bits a byte (ID3v2.3 §3.1).
        guard head.count >= 10, head.starts(with: Array("ID3".utf8)) else { return nil }
        let length = head[6..<10].reduce(Int64(0)) { $0 << 7 | Int64($1 & 0x7F) }
        return try form(at: 10 + length)
    }

    private func form(at offset: Int64) throws(ByteSourceError) -> WaveForm? {
        let bytes = try window.bytes(at: offset, count: 12)
        guard Self.isForm(bytes) else { return nil }
        let id = ChunkID(bytes.prefix(4))
        let order: ByteOrder = id == WaveForm.bigEndian ? .big : .little
        return WaveForm(id: id, offset: offset, size: order.uint32(bytes.dropFirst(4)))
    }

    private static func isForm(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 12, ChunkID(bytes[8..<12]) == ChunkID.wave else { return false }
        return WaveForm.ids.contains(ChunkID(bytes.prefix(4)))
    }
}
