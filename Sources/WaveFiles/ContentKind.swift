internal import ByteSources

/// What the first bytes of a file look like that is no WAVE file.
struct ContentKind {
    /// A noun phrase for a person, such as `a FLAC stream`.
    let name: String

    /// Whether a WAVE form further on would be a part of this content and not the recording itself.
    let encloses: Bool

    /// Judges by magic numbers; nil for bytes that no rule knows.
    init?(_ bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(512))
        for signature in Self.signatures where head.dropFirst(signature.offset).starts(with: signature.magic)
        {
            name = signature.name
            encloses = signature.encloses
            return
        }
        encloses = false
        if head.count >= 2, head[0] == 0xFF, head[1] & 0xF6 == 0xF0 {
            name = "an AAC stream"
        } else if head.count >= 2, head[0] == 0xFF, head[1] & 0xE0 == 0xE0, head[1] & 0x06 != 0 {
            name = "an MP3 stream"
        } else if !head.isEmpty, head.allSatisfy({ $0 == 0 }) {
            name = "zero bytes"
        } else if Self.isText(head) {
            let start = head.drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
            name =
                switch start.first {
                case UInt8(ascii: "<"): "an HTML or XML document"
                case UInt8(ascii: "{"), UInt8(ascii: "["): "a JSON document"
                default: "text"
                }
        } else {
            return nil
        }
    }

    private struct Signature {
        let offset: Int
        let magic: [UInt8]
        let name: String
        let encloses: Bool

        init(_ magic: StaticString, at offset: Int = 0, _ name: String, encloses: Bool = true) {
            self.offset = offset
            self.magic = magic.withUTF8Buffer { Array($0) }
            self.name = name
            self.encloses = encloses
        }
    }

    private static let signatures = [
        Signature("fLaC", "a FLAC stream"),
        Signature("OggS", "an Ogg stream"),
        Signature("FORM", "an AIFF or other IFF file"),
        Signature(".snd", "a Sun AU file"),
        Signature("caff", "an Apple CAF file"),
        Signature("riff\u{2E}", "a Sony Wave64 file"),
        Signature("wvpk", "a WavPack file"),
        Signature("MAC ", "a Monkey's Audio file"),
        Signature("TTA1", "a True Audio file"),
        Signature("ajkg", "a Shorten file"),
        Signature("NIST_1A", "a NIST Sphere file"),
        Signature("#!AMR", "an AMR file"),
        Signature("#!SILK", "a SILK file"),
        Signature("ftyp", at: 4, "an MP4 file"),
        Signature("\u{1A}E", "a Matroska or WebM file", encloses: false),
        Signature("MThd", "a MIDI file"),
        Signature("PK\u{3}\u{4}", "a ZIP archive"),
        Signature("Rar!", "a RAR archive"),
        Signature("7z", "a 7-Zip archive"),
        Signature("%PDF", "a PDF document"),
        Signature("GIF8", "a GIF picture"),
        Signature("PNG", at: 1, "a PNG picture"),
        Signature("SQLite format 3", "an SQLite database"),
        Signature("\u{7F}ELF", "a program"),
        Signature("HTTP/", "an HTTP response", encloses: false),
        Signature("ID3", "an MP3 file with an ID3 tag", encloses: false),
    ]

    private static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
    }
}
