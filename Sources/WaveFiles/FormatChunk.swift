internal import ByteSources

/// The fields of a `fmt ` chunk as they stand in the file.
struct FormatChunk {
    /// The byte at which the content begins, behind the chunk's header.
    let offset: Int64
    /// The bytes that the chunk holds, at most those that the file holds.
    let size: Int64
    let tag: FormatTag
    let channels: Int
    let sampleRate: Int64
    let byteRate: Int64
    let blockAlign: Int
    let bits: Int
    /// The size of what follows the first 18 bytes, as the chunk states it; nil where the field is absent.
    let extensionSize: Int?
    /// The first field of an extension: valid bits (extensible) or frames in a block (ADPCM, GSM).
    let extensionNumber: Int?
    let channelMask: UInt32?
    let subformat: Subformat?

    /// The codec of a WAVE_FORMAT_EXTENSIBLE file.
    enum Subformat {
        case tag(FormatTag)
        case unknown(String)
    }

    /// WAVEFORMAT with the sample width, the least that describes PCM.
    static let minimumSize: Int64 = 16

    /// WAVEFORMATEXTENSIBLE.
    static let extensibleSize: Int64 = 40

    /// Reads the fields; nil where the chunk ends before the sample width.
    init?(_ window: ByteWindow, content: Range<Int64>, _ order: ByteOrder) throws(ByteSourceError) {
        offset = content.lowerBound
        size = content.upperBound - content.lowerBound
        let bytes = Array(try window.bytes(at: offset, count: Int(min(size, Self.extensibleSize))))
        guard bytes.count >= Self.minimumSize else { return nil }
        func field(_ offset: Int) -> Int? {
            bytes.count >= offset + 2 ? Int(order.uint16(bytes[offset...])) : nil
        }
        tag = FormatTag(code: order.uint16(bytes))
        channels = Int(order.uint16(bytes[2...]))
        sampleRate = Int64(order.uint32(bytes[4...]))
        byteRate = Int64(order.uint32(bytes[8...]))
        blockAlign = Int(order.uint16(bytes[12...]))
        bits = Int(order.uint16(bytes[14...]))
        extensionSize = field(16)
        extensionNumber = field(18)
        if tag == .extensible, bytes.count >= Self.extensibleSize {
            channelMask = order.uint32(bytes[20...])
            subformat = Subformat(guid: Array(bytes[24..<40]), order)
        } else {
            channelMask = nil
            subformat = nil
        }
    }

    /// The codec's tag, taken out of the sub-format where there is one.
    var codecTag: FormatTag? {
        guard tag == .extensible else { return tag }
        guard case .tag(let tag) = subformat else { return nil }
        return tag
    }
}

extension FormatChunk.Subformat {
    /// KSDATAFORMAT_SUBTYPE_…: a tag in the first field, the rest the same for all of them.
    private static let waveSuffix: [UInt8] = [
        0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71,
    ]

    /// Ambisonic B-format, whose samples are PCM or float.
    private static let ambisonicSuffix: [UInt8] = [
        0x21, 0x07, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0x00, 0x00, 0x00,
    ]

    init(guid: [UInt8], _ order: ByteOrder) {
        // Big-endian files hold the GUID in either byte order; sox turns the tag around and leaves the rest.
        let tail = Array(guid[4...])
        let turned = [tail[1], tail[0], tail[3], tail[2]] + tail[4...]
        let known = [Self.waveSuffix, Self.ambisonicSuffix]
        let littleTag = ByteOrder.little.uint32(guid)
        let bigTag = ByteOrder.big.uint32(guid)
        if order == .big, known.contains(tail), guid[0] == 0, guid[2] == 0, guid[3] == 0 {
            self = .tag(FormatTag(code: ByteOrder.big.uint16(guid)))
        } else if order == .big, known.contains(turned), bigTag <= 0xFFFF {
            self = .tag(FormatTag(code: UInt16(bigTag)))
        } else if known.contains(tail), littleTag <= 0xFFFF {
            self = .tag(FormatTag(code: UInt16(littleTag)))
        } else {
            self = .unknown(Self.text(guid))
        }
    }

    private static func text(_ guid: [UInt8]) -> String {
        func hex(_ bytes: some Collection<UInt8>) -> String {
            bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }.joined()
        }
        let fields = [
            hex(guid[0..<4].reversed()), hex(guid[4..<6].reversed()), hex(guid[6..<8].reversed()),
            hex(guid[8..<10]), hex(guid[10...]),
        ]
        return "sub-format \(fields.joined(separator: "-"))"
    }
}
