import Testing
import WaveFiles

/// A file with one thing wrong, and what is to be said about it.
struct DamagedFile: Sendable, CustomTestStringConvertible {
    let code: String
    let severity: Severity
    let verdict: Verdict
    let frames: Int64
    let bytes: [UInt8]
    let detail: String
    /// The byte that the finding points at; not checked where it is nil.
    let offset: Int64?

    init(
        _ code: String, _ severity: Severity, _ verdict: Verdict, frames: Int64 = 100,
        at offset: Int64? = nil,
        _ detail: String, _ fixture: WaveFixture
    ) {
        self.init(code, severity, verdict, frames: frames, at: offset, detail, fixture.bytes)
    }

    init(
        _ code: String, _ severity: Severity, _ verdict: Verdict, frames: Int64 = 100,
        at offset: Int64? = nil,
        _ detail: String, _ bytes: [UInt8]
    ) {
        self.code = code
        self.severity = severity
        self.verdict = verdict
        self.frames = frames
        self.bytes = bytes
        self.detail = detail
        self.offset = offset
    }

    var testDescription: String { "\(code): \(detail)" }

    private static let sound = WaveFixture.pcm16()
    private static let list = WaveFixture.Chunk(
        id: "LIST", content: Array("INFOISFT".utf8) + [4, 0, 0, 0] + Array("Test".utf8))

    private static func format(_ content: [UInt8], frames: Int = 100) -> WaveFixture {
        sound.with { $0["fmt "].content = content }
    }

    private static func chunk(_ id: String, _ content: [UInt8] = [1, 2, 3, 4]) -> WaveFixture.Chunk {
        WaveFixture.Chunk(id: id, content: content)
    }

    static let form: [DamagedFile] = [
        DamagedFile("file.empty", .fatal, .rejected, frames: 0, at: 0, "no bytes", []),
        DamagedFile(
            "riff.id-unknown", .fatal, .rejected, frames: 0, at: 0, "lower case",
            sound.with { $0.form = "riff" }),
        DamagedFile(
            "riff.id-unknown", .fatal, .rejected, frames: 0, at: 0, "zeros",
            [UInt8](repeating: 0, count: 5000)),
        DamagedFile("riff.id-unknown", .fatal, .rejected, frames: 0, at: 0, "one byte", [0x52]),
        DamagedFile(
            "riff.not-wave", .fatal, .rejected, frames: 0, at: 8, "AVI", sound.with { $0.type = "AVI " }),
        DamagedFile(
            "riff.not-wave", .fatal, .rejected, frames: 0, at: 8, "wave", sound.with { $0.type = "wave" }),
        DamagedFile("riff.not-wave", .fatal, .rejected, frames: 0, at: 4, "cut id", Array("RIFF".utf8)),
        DamagedFile(
            "riff.leading-bytes", .warning, .flawed, at: 0, "ID3v2",
            sound.with {
                $0.leading = Array("ID3\u{3}\0\0\0\0\0\u{A}".utf8) + [UInt8](repeating: 0, count: 10)
            }),
        DamagedFile(
            "riff.leading-bytes", .warning, .flawed, at: 0, "ID3v2 of 100 KB",
            sound.with {
                $0.leading =
                    Array("ID3\u{3}\0\0\0\u{6}\u{D}\u{20}".utf8) + [UInt8](repeating: 0, count: 100_000)
            }),
        DamagedFile(
            "riff.leading-bytes", .warning, .flawed, at: 0, "HTTP header",
            sound.with { $0.leading = Array("HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n\r\n".utf8) }),
        DamagedFile(
            "riff.leading-bytes", .warning, .flawed, at: 0, "zeros", sound.with { $0.leading = [0, 0, 0] }),
        DamagedFile("riff.size-wrong", .warning, .flawed, at: 4, "0", sound.with { $0.formSize = 0 }),
        DamagedFile(
            "riff.size-wrong", .warning, .flawed, at: 4, "placeholder", sound.with { $0.formSize = .max }),
        DamagedFile(
            "riff.size-wrong", .warning, .flawed, at: 4, "too small", sound.with { $0.formSize = 100 }),
        DamagedFile(
            "riff.size-wrong", .warning, .flawed, at: 4, "too large", sound.with { $0.formSize = 1000 }),
        DamagedFile(
            "riff.size-wrong", .warning, .flawed, at: 4, "a chunk beyond",
            sound.with {
                $0.formSize = 4 + 24 + 208
                $0.chunks.append(list)
            }),
        DamagedFile(
            "riff.trailing-bytes", .warning, .flawed, at: 244, "ID3v1",
            sound.with { $0.trailing = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125) }),
        DamagedFile(
            "riff.trailing-bytes", .warning, .flawed, at: 244, "zeros",
            sound.with { $0.trailing = [UInt8](repeating: 0, count: 70_000) }),
        DamagedFile(
            "riff.trailing-bytes", .warning, .flawed, at: 244, "a second file",
            sound.with { $0.trailing = $0.bytes }),
        DamagedFile("rf64.ds64-missing", .warning, .flawed, at: 12, "RF64", sound.with { $0.form = "RF64" }),
        DamagedFile(
            "rf64.ds64-missing", .warning, .flawed, at: 12, "BW64 with no sizes at all",
            sound.with {
                $0.form = "BW64"
                $0.formSize = .max
                $0["data"].claimed = .max
            }),
    ]

    static let chunks: [DamagedFile] = [
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 36, "LIST swallows data",
            sound.with {
                $0.chunks.insert(list, at: 1)
                $0["LIST"].claimed = 50_000
            }),
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 36, "LIST ends inside data",
            sound.with {
                $0.chunks.insert(list, at: 1)
                $0["LIST"].claimed = 100
            }),
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 12, "fmt swallows data",
            sound.with { $0["fmt "].claimed = 60 }),
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 12, "JUNK swallows fmt",
            sound.with {
                $0.chunks.insert(chunk("JUNK"), at: 0)
                $0["JUNK"].claimed = 16
            }),
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 244, "last chunk",
            sound.with {
                $0.chunks.append(list)
                $0["LIST"].claimed = 99
            }),
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 256, "chunk inside a LIST",
            sound.with {
                $0.chunks.append(list)
                $0["LIST"].content[8] = 99
            }),
        DamagedFile(
            "chunk.overrun", .warning, .flawed, at: 36, "data swallows LIST",
            sound.with {
                $0.chunks.append(list)
                $0["data"].claimed = 9999
            }),
        DamagedFile(
            "chunk.truncated", .warning, .flawed, at: 244, "cut in the last chunk",
            Array(sound.with { $0.chunks.append(list) }.bytes.dropLast(4))),
        DamagedFile(
            "chunk.truncated", .warning, .flawed, at: 244, "cut in a header",
            Array(sound.with { $0.chunks.append(list) }.bytes.dropLast(18))),
        DamagedFile(
            "chunk.pad-missing", .warning, .flawed, at: 49, "before data",
            sound.with {
                $0.chunks.insert(
                    WaveFixture.Chunk(id: "JUNK", content: [1, 2, 3, 4, 5], isPadded: false), at: 1)
            }),
        DamagedFile(
            "chunk.pad-missing", .warning, .flawed, frames: 99, at: 243, "at the end",
            sound.with {
                $0["fmt "].content = WaveFixture.format(bits: 8)
                $0["data"].content = [UInt8](repeating: 130, count: 99)
                $0["data"].isPadded = false
                $0.chunks.insert(chunk("JUNK", [UInt8](repeating: 0, count: 92)), at: 1)
                $0["JUNK"].content[0] = 1
            }),
        DamagedFile(
            "chunk.id-nonprintable", .warning, .flawed, at: 36, "between fmt and data",
            sound.with { $0.chunks.insert(chunk("\u{1}\u{2}\u{3}\u{4}"), at: 1) }),
        DamagedFile(
            "chunk.unknown", .note, .valid, at: 36, "printable",
            sound.with { $0.chunks.insert(chunk("vxkp"), at: 1) }),
        DamagedFile(
            "chunk.duplicate", .warning, .flawed, at: 36, "fmt",
            sound.with { $0.chunks.insert(chunk("fmt ", WaveFixture.format(bits: 8)), at: 1) }),
        DamagedFile(
            "chunk.duplicate", .error, .salvaged, at: 244, "data",
            sound.with { $0.chunks.append(chunk("data", WaveFixture.audio(bytes: 50))) }),
        DamagedFile(
            "chunk.duplicate", .error, .salvaged, at: 44, "empty data first",
            sound.with { $0.chunks.insert(chunk("data", []), at: 1) }),
        DamagedFile(
            "chunk.order", .warning, .flawed, at: 12, "data first", sound.with { $0.chunks.reverse() }),
        DamagedFile(
            "chunk.excessive", .warning, .flawed, "a million chunks",
            sound.with {
                $0.stray = [[UInt8]](repeating: Array("JUNK\0\0\0\0".utf8), count: 110_000).flatMap { $0 }
            }),
        DamagedFile(
            "bext.short", .warning, .flawed, at: 36, "600 bytes",
            sound.with { $0.chunks.insert(chunk("bext", [UInt8](repeating: 0, count: 600)), at: 1) }),
    ]

    static let format: [DamagedFile] = [
        DamagedFile(
            "fmt.missing", .fatal, .rejected, frames: 0, "no fmt", sound.with { $0.chunks.removeFirst() }),
        DamagedFile(
            "fmt.truncated", .fatal, .rejected, frames: 0, at: 20, "14 bytes",
            sound.with { $0["fmt "].content.removeLast(2) }),
        DamagedFile(
            "fmt.truncated", .fatal, .rejected, frames: 0, at: 20, "extensible of 38 bytes",
            format(Array(WaveFixture.extensible().dropLast(2)))),
        DamagedFile(
            "fmt.sample-rate-zero", .fatal, .rejected, frames: 0, at: 24, "0 Hz",
            format(WaveFixture.format(rate: 0))),
        DamagedFile(
            "fmt.channels-zero", .fatal, .rejected, frames: 0, at: 22, "none",
            format(WaveFixture.format(channels: 0, blockAlign: 2))),
        DamagedFile(
            "fmt.bits-zero", .fatal, .rejected, frames: 0, at: 34, "PCM",
            format(WaveFixture.format(blockAlign: 2, bits: 0))),
        DamagedFile(
            "fmt.bits-zero", .fatal, .rejected, frames: 0, at: 34, "float",
            format(WaveFixture.format(tag: 3, blockAlign: 4, bits: 0))),
        DamagedFile(
            "fmt.channels-unsupported", .fatal, .rejected, frames: 0, at: 22, "9",
            format(WaveFixture.format(channels: 9))),
        DamagedFile(
            "fmt.sample-rate-unsupported", .fatal, .rejected, frames: 0, at: 24, "2^20 Hz",
            format(WaveFixture.format(rate: 1 << 20))),
        DamagedFile(
            "fmt.sample-rate-not-streamable", .note, .valid, at: 24, "96,001 Hz",
            format(WaveFixture.format(rate: 96_001))),
        DamagedFile(
            "fmt.bits-wrong", .warning, .flawed, frames: 200, at: 34, "mu-law of 16 bits",
            format(WaveFixture.format(tag: 7, byteRate: 8000, blockAlign: 1, bits: 16))),
        DamagedFile(
            "fmt.block-align-wrong", .warning, .flawed, at: 32, "1 for 16 bits",
            format(WaveFixture.format(byteRate: 16_000, blockAlign: 1))),
        DamagedFile(
            "fmt.block-align-wrong", .warning, .flawed, at: 32, "0",
            format(WaveFixture.format(byteRate: 16_000, blockAlign: 0))),
        DamagedFile(
            "fmt.byte-rate-wrong", .warning, .flawed, at: 28, "0", format(WaveFixture.format(byteRate: 0))),
        DamagedFile(
            "fmt.extension-size-wrong", .warning, .flawed, at: 36, "7 of 0",
            format(WaveFixture.format(tail: [7, 0]))),
        DamagedFile(
            "fmt.channel-mask-mismatch", .warning, .flawed, at: 40, "stereo mask of mono",
            format(WaveFixture.extensible(mask: 3))),
        DamagedFile(
            "fmt.valid-bits-exceed-container", .warning, .flawed, at: 38, "20 in 16",
            format(WaveFixture.extensible(valid: 20))),
        DamagedFile(
            "fmt.bits-not-byte-multiple", .note, .valid, at: 34, "12 in 16",
            format(WaveFixture.format(bits: 12))),
        DamagedFile(
            "fmt.bits-not-byte-multiple", .note, .valid, frames: 66, at: 34, "20 in 24, extensible",
            format(WaveFixture.extensible(bits: 24, valid: 20)).with { $0["data"].content.removeLast(2) }),
        DamagedFile(
            "fmt.container-ambiguous", .warning, .flawed, frames: 50, at: 32, "24 in 4 bytes",
            format(WaveFixture.format(blockAlign: 4, bits: 24))),
        DamagedFile(
            "codec.unsupported", .fatal, .rejected, frames: 0, at: 20, "MP3",
            format(WaveFixture.format(tag: 0x55))),
        DamagedFile(
            "codec.unsupported", .fatal, .rejected, frames: 0, at: 20, "0x1234",
            format(WaveFixture.format(tag: 0x1234))),
        DamagedFile(
            "codec.unsupported", .fatal, .rejected, frames: 0, at: 44, "unknown sub-format",
            format(WaveFixture.extensible(guidTail: [UInt8](repeating: 9, count: 12)))),
        DamagedFile(
            "codec.unsupported", .fatal, .rejected, frames: 0, at: 34, "PCM of 64 bits",
            format(WaveFixture.format(bits: 64))),
        DamagedFile(
            "codec.undecodable", .fatal, .rejected, frames: 0, "GSM of two channels",
            WaveFixture.gsm(data: 650, fact: nil).with { $0["fmt "].content[2] = 2 }),
    ]

    static let audio: [DamagedFile] = [
        DamagedFile(
            "data.missing", .fatal, .rejected, frames: 0, "none", sound.with { $0.chunks.removeLast() }),
        DamagedFile(
            "data.empty", .fatal, .rejected, frames: 0, at: 36, "no bytes",
            sound.with { $0["data"].content = [] }),
        DamagedFile(
            "data.empty", .fatal, .rejected, frames: 0, at: 36, "less than a frame",
            sound.with { $0["data"].content = [1] }),
        DamagedFile(
            "data.empty", .fatal, .rejected, frames: 0, at: 36, "a LIST at once",
            sound.with {
                $0["data"].content = []
                $0.chunks.append(list)
            }),
        DamagedFile(
            "data.size-zero", .error, .salvaged, at: 40, "to the end", sound.with { $0["data"].claimed = 0 }),
        DamagedFile(
            "data.size-zero", .error, .salvaged, at: 40, "to a LIST",
            sound.with {
                $0["data"].claimed = 0
                $0.chunks.append(list)
            }),
        DamagedFile(
            "data.size-zero", .error, .salvaged, at: 40, "to a chunk of odd size",
            sound.with {
                $0["data"].claimed = 0
                $0.chunks += [chunk("JUNK", [1, 2, 3, 4, 5]), list]
            }),
        DamagedFile(
            "data.size-streaming", .warning, .flawed, at: 40, "0xFFFFFFFF",
            sound.with { $0["data"].claimed = .max }),
        DamagedFile(
            "data.size-streaming", .warning, .flawed, at: 40, "sox",
            sound.with { $0["data"].claimed = 0x7FFF_F000 }),
        DamagedFile(
            "data.size-streaming", .warning, .flawed, at: 40, "arecord",
            sound.with { $0["data"].claimed = 1 << 31 }),
        DamagedFile(
            "data.truncated", .error, .salvaged, frames: 50, at: 40, "half of it",
            Array(sound.bytes.dropLast(100))),
        DamagedFile(
            "data.truncated", .fatal, .rejected, frames: 0, at: 40, "all of it",
            Array(sound.bytes.dropLast(200))),
        DamagedFile(
            "data.trailing-audio", .error, .salvaged, frames: 40, at: 124, "size too small",
            sound.with { $0["data"].claimed = 80 }),
        DamagedFile(
            "data.trailing-audio", .error, .salvaged, frames: 40, at: 124, "before a LIST",
            sound.with {
                $0["data"].claimed = 80
                $0.chunks.append(list)
            }),
        DamagedFile(
            "data.partial-frame", .warning, .flawed, at: 244, "one byte",
            sound.with { $0["data"].content.append(1) }),
        DamagedFile(
            "data.partial-frame", .warning, .flawed, frames: 640, at: 190, "GSM, 20 bytes",
            WaveFixture.gsm(data: 150, fact: 640)),
        DamagedFile(
            "fact.missing", .note, .valid, frames: 640, "GSM", WaveFixture.gsm(data: 130, fact: nil)),
        DamagedFile(
            "fact.mismatch", .warning, .flawed, frames: 640, at: 48, "GSM, 0",
            WaveFixture.gsm(data: 130, fact: 0)),
        DamagedFile(
            "fact.mismatch", .warning, .flawed, frames: 640, at: 48, "GSM, too many",
            WaveFixture.gsm(data: 130, fact: 9000)),
        DamagedFile(
            "fact.mismatch", .warning, .flawed, frames: 100, at: 44, "mu-law",
            WaveFixture.coded(
                WaveFixture.format(tag: 7, bits: 8), fact: 50, data: [UInt8](repeating: 0x40, count: 100))),
        DamagedFile(
            "fact.short", .warning, .flawed, frames: 100, at: 44, "2 bytes",
            WaveFixture.coded(
                WaveFixture.format(tag: 7, bits: 8), fact: 100, data: [UInt8](repeating: 0x40, count: 100)
            ).with { $0["fact"].content = [100, 0] }),
    ]
}
