import ByteSources
import Digests
import Foundation
import TestSupport
import Testing
import Transcoding

@Suite struct RestoredFileTests {
    private let scratch: ScratchFolder
    private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }

    init() throws {
        scratch = try ScratchFolder(inMemory: true)
    }

    private func stored(_ content: [UInt8] = content) throws -> (FileByteSource, StoredOriginal) {
        let file = try FileByteSource(path: scratch.write(content, to: "stored"))
        return (file, StoredOriginal(file, digest: try MemoryByteSource(Self.content).digest()))
    }

    @Test func `hands out an original in pieces of bounded size, and compares its digest`() throws {
        let (file, original) = try stored()
        #expect(original.size == 200_000)
        var pieces: [[UInt8]] = []
        try original.restore { pieces.append($0) }
        #expect(Array(pieces.joined()) == Self.content)
        #expect(pieces.map(\.count) == [65_536, 65_536, 65_536, 3392])
        #expect(try file.digest() == original.digest)
    }

    @Test func `writes an original that is not there, and says whether it was`() throws {
        let (file, original) = try stored()
        #expect(try !RestoredFile.write(file, original, to: scratch("out/a"), replacing: false))
        #expect(scratch.bytes("out/a") == Self.content)
        #expect(try RestoredFile.write(file, original, to: scratch("out/a"), replacing: false))
        #expect(try RestoredFile.write(file, original, to: scratch("out/a"), replacing: true))
        #expect(scratch.files() == ["out/a", "stored"])
    }

    // Of another size, of the same, and nothing.
    @Test(arguments: [Array("mine".utf8), content.reversed(), []])
    func `replaces another file only when told to`(other: [UInt8]) throws {
        let (file, original) = try stored()
        try scratch.write(other, to: "a")
        #expect(throws: OutputError.exists(scratch("a"))) {
            try RestoredFile.write(file, original, to: scratch("a"), replacing: false)
        }
        #expect(scratch.bytes("a") == other)
        #expect(try !RestoredFile.write(file, original, to: scratch("a"), replacing: true))
        #expect(scratch.bytes("a") == Self.content)
    }

    @Test func `publishes nothing that is not the original`() throws {
        var altered = Self.content
        altered[150_000] ^= 1
        let (file, original) = try stored(altered)
        let found = try MemoryByteSource(altered).digest()
        #expect(throws: TranscodingError.digestMismatch(expected: original.digest, found: found)) {
            try RestoredFile.write(file, original, to: scratch("a"), replacing: true)
        }
        #expect(scratch.files() == ["stored"])
    }

    @Test func `writes over neither what it restores from nor a folder`() throws {
        let (file, original) = try stored()
        #expect(throws: OutputError.isInput(file.path)) {
            try RestoredFile.write(file, original, to: file.path, replacing: true)
        }
        #expect(throws: OutputError.isNoFile(scratch.path)) {
            try RestoredFile.write(file, original, to: scratch.path, replacing: true)
        }
        #expect(scratch.bytes("stored") == Self.content)
    }
}
