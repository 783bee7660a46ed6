import ByteSources
import FLACFiles
import PCM
import Testing

@Suite struct FLACMetadataTests {
    /// A STREAMINFO block of 8 kHz, mono, 16 bits, with nothing else known.
    static let streamInfo: [UInt8] =
        [0, 0, 0, 34, 0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xF4, 0x00, 0xF0, 0, 0, 0, 0]
        + [UInt8](repeating: 0, count: 16)

    private func metadata(_ bytes: [UInt8]...) throws -> FLACMetadata {
        try FLACMetadata(MemoryByteSource(Array("fLaC".utf8) + bytes.flatMap { $0 }))
    }

    @Test func `reads what is unknown as nil`() throws {
        let metadata = try metadata(Self.streamInfo, [0x81, 0, 0, 0])
        #expect(metadata.streamInfo.format == PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16))
        #expect(metadata.streamInfo.blockSizes == 4096...4096)
        #expect(metadata.streamInfo.totalFrames == nil)
        #expect(metadata.streamInfo.minimumFrameSize == nil)
        #expect(metadata.streamInfo.md5 == nil)
        #expect(metadata.comments.isEmpty)
        #expect(metadata.vendor.isEmpty)
        #expect(metadata.envelope == nil)
        #expect(metadata.audioStart == 46)
    }

    @Test func `finds the stream behind the tags that taggers put in front of it`() throws {
        let plain: [UInt8] = Array("ID3".utf8) + [3, 0, 0, 0, 0, 1, 2] + [UInt8](repeating: 0, count: 130)
        let withFooter: [UInt8] =
            Array("ID3".utf8) + [4, 0, 0x10, 0, 0, 0, 5] + [1, 2, 3, 4, 5] + Array("3DI".utf8)
            + [4, 0, 0x10, 0, 0, 0, 5]
        let stream = Array("fLaC".utf8) + Self.streamInfo + [0x81, 0, 0, 0]
        for tags in [plain, withFooter, withFooter + plain] {
            let metadata = try FLACMetadata(MemoryByteSource(tags + stream))
            #expect(metadata.audioStart == Int64(tags.count) + 46)
        }
    }

    @Test func `reads comments leniently`() throws {
        let vendor: [UInt8] = [1, 0, 0, 0, 0xFF]
        let entries: [UInt8] = [3, 0, 0, 0] + [2, 0, 0, 0] + Array("no".utf8)
        let more: [UInt8] = [3, 0, 0, 0] + Array("A=".utf8) + [0xC3] + [4, 0, 0, 0] + Array("b==c".utf8)
        let block = vendor + entries + more
        let metadata = try metadata(Self.streamInfo, [0x84, 0, 0, UInt8(block.count)], block)
        #expect(metadata.vendor == "\u{FFFD}")
        #expect(
            metadata.comments == [
                VorbisComment(name: "A", value: "\u{FFFD}"), VorbisComment(name: "b", value: "=c"),
            ])
    }

    /// Metadata that breaks a rule, and the offset at which it does.
    static let malformed: [(bytes: [UInt8], offset: Int64)] = [
        ([], 0),
        (Array("RIFF".utf8), 0),
        (Array("fLaC".utf8), 4),
        (Array("fLaC".utf8) + [0x81, 0, 0, 0], 4),
        (Array("fLaC".utf8) + [0x80, 0, 0, 33] + streamInfo.dropFirst(4), 4),
        (Array("fLaC".utf8) + [0x80, 0, 0, 35] + streamInfo.dropFirst(4) + [0], 4),
        (Array("fLaC".utf8) + streamInfo.dropLast(), 4),
        (Array("fLaC".utf8) + streamInfo, 42),
        (Array("fLaC".utf8) + streamInfo + [0x80], 42),
        (Array("fLaC".utf8) + streamInfo + streamInfo, 42),
        (Array("fLaC".utf8) + streamInfo + [0xFF, 0, 0, 0], 42),
        (Array("fLaC".utf8) + streamInfo + [0x81, 0xFF, 0xFF, 0xFF], 42),
        (Array("fLaC".utf8) + streamInfo + [0x84, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF], 42),
        (Array("fLaC".utf8) + streamInfo + [0x84, 0, 0, 8, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], 42),
        (Array("fLaC".utf8) + streamInfo + [0x84, 0, 0, 12, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 42),
        (Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 1, 0x55] + Array("fLaB".utf8), 11),
        // A byte of an ID3v2 tag's size is below 0x80.
        (Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 0x80] + Array("fLaC".utf8), 0),
    ]

    @Test(arguments: malformed)
    func `names the offset of malformed metadata`(bytes: [UInt8], offset: Int64) throws {
        let error = #expect(throws: FLACError.self) { try FLACMetadata(MemoryByteSource(bytes)) }
        guard case .illFormed(_, offset) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `refuses a file of nothing but empty blocks`() throws {
        let blocks = (0..<70_000).flatMap { _ -> [UInt8] in [1, 0, 0, 0] }
        #expect(
            throws: FLACError.illFormed("there are more than 65536 metadata blocks", offset: 42 + 4 * 65_535)
        ) {
            try metadata(Self.streamInfo, blocks)
        }
    }

    @Test func `says that FLAC within Ogg is not served`() throws {
        let error = #expect(throws: FLACError.self) {
            try FLACMetadata(MemoryByteSource(Array("OggS".utf8) + [UInt8](repeating: 0, count: 100)))
        }
        guard case .unsupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
