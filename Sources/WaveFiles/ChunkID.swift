/// The four bytes that name a chunk or a form; upper and lower case differ.
struct ChunkID: Hashable, CustomStringConvertible {
    /// The bytes as one number, the first the most significant.
    let code: UInt32

    init(code: UInt32) {
        self.code = code
    }

    init(_ name: StaticString) {
        code = name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    init(_ bytes: some Collection<UInt8>) {
        code = ByteOrder.big.uint32(bytes)
    }

    var bytes: [UInt8] { ByteOrder.big.bytes(code) }

    var isPrintable: Bool { bytes.allSatisfy { (0x20...0x7E).contains($0) } }

    /// Whether an audio program is known to write chunks of this name at the top level of a WAVE file.
    var isKnown: Bool { Self.known.contains(self) }

    /// The name as printable ASCII.
    var description: String { Self.printable(bytes) }

    static let format = ChunkID("fmt ")
    static let data = ChunkID("data")
    static let fact = ChunkID("fact")
    static let list = ChunkID("LIST")
    static let sizes = ChunkID("ds64")
    static let broadcast = ChunkID("bext")
    static let wave = ChunkID("WAVE")

    /// RIFF MCI (Microsoft, 1991), EBU Tech 3285 and 3306, ITU-R BS.2088, and what recorders and editors add.
    private static let known: Set<ChunkID> = [
        format, data, fact, list, sizes, broadcast,
        ChunkID("JUNK"), ChunkID("junk"), ChunkID("PAD "), ChunkID("FLLR"), ChunkID("filr"), ChunkID("cue "),
        ChunkID("plst"), ChunkID("smpl"), ChunkID("inst"), ChunkID("wavl"), ChunkID("slnt"), ChunkID("PEAK"),
        ChunkID("CSET"), ChunkID("DISP"), ChunkID("cart"), ChunkID("iXML"), ChunkID("axml"), ChunkID("aXML"),
        ChunkID("bxml"), ChunkID("sxml"), ChunkID("chna"), ChunkID("r64m"), ChunkID("mext"), ChunkID("levl"),
        ChunkID("link"), ChunkID("qlty"), ChunkID("umid"), ChunkID("ubxt"), ChunkID("dbmd"), ChunkID("id3 "),
        ChunkID("ID3 "), ChunkID("_PMX"), ChunkID("acid"), ChunkID("strc"), ChunkID("afsp"), ChunkID("AFAn"),
        ChunkID("minf"), ChunkID("elm1"), ChunkID("elmo"), ChunkID("regn"), ChunkID("ovwf"), ChunkID("bmd "),
        ChunkID("LGWV"), ChunkID("tlst"), ChunkID("muma"), ChunkID("ALOG"), ChunkID("olym"), ChunkID("guan"),
        ChunkID("vmpx"), ChunkID("SAUR"), ChunkID("AFmd"), ChunkID("SNDM"), ChunkID("SMED"),
        ChunkID("SyLp"), ChunkID("Cr8r"), ChunkID("clm "), ChunkID("trns"), ChunkID("Xtra"), ChunkID("exif"),
        ChunkID("tag "), ChunkID("CDif"),
    ]

    /// Whether a byte opens a known name: a first sieve for searches.
    static let opensKnown: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for id in known {
            table[Int(id.code >> 24)] = true
        }
        return table
    }()

    /// Bytes of a file as printable ASCII, all others written `\xNN`.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = String.UnicodeScalarView()
        for byte in bytes {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") {
                text.append(Unicode.Scalar(byte))
            } else {
                text.append(contentsOf: ["\\", "x", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(text)
    }
}
