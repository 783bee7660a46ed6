import ByteSources
import Foundation
import TestSupport
import Testing

@Suite struct FileByteSourceTests {
    @Test func `reads a file as memory is read`() throws {
        let folder = try ScratchFolder()
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let source = try FileByteSource(path: folder.write(content, to: "file"))
        #expect(source.byteCount == 100_000)
        #expect(try source.bytes(at: 0, count: .max) == content)
        #expect(try source.bytes(at: 99_990, count: 100) == Array(content.suffix(10)))
        #expect(try source.bytes(at: 100_000, count: 1).isEmpty)
    }

    @Test func `does not see bytes that are appended later`() throws {
        let folder = try ScratchFolder()
        let path = try folder.write([1, 2, 3], to: "file")
        let source = try FileByteSource(path: path)
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data([4, 5]))
        #expect(try source.bytes(at: 0, count: 10) == [1, 2, 3])
    }

    @Test func `reads a file short that has shrunk`() throws {
        let folder = try ScratchFolder()
        let path = try folder.write([1, 2, 3, 4], to: "file")
        let source = try FileByteSource(path: path)
        try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 1)
        #expect(try source.bytes(at: 0, count: 4) == [1])
    }

    @Test func `follows a symbolic link`() throws {
        let folder = try ScratchFolder()
        try folder.write([9], to: "file")
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "file")
        #expect(try FileByteSource(path: folder.path("link")).bytes(at: 0, count: 9) == [9])
    }

    @Test func `refuses a file that is not there`() throws {
        let path = try ScratchFolder().path("none")
        #expect(throws: ByteSourceError(name: path, code: ENOENT)) { try FileByteSource(path: path) }
    }

    @Test func `refuses a folder`() throws {
        let folder = try ScratchFolder()
        #expect(throws: ByteSourceError(name: folder.path, code: EISDIR)) {
            try FileByteSource(path: folder.path)
        }
    }

    @Test func `refuses a pipe at once instead of waiting for its writer`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: ByteSourceError(name: path, code: EINVAL)) { try FileByteSource(path: path) }
    }

    @Test func `refuses a device`() throws {
        #expect(throws: ByteSourceError(name: "/dev/zero", code: EINVAL)) {
            try FileByteSource(path: "/dev/zero")
        }
    }

    @Test func `refuses a loop of symbolic links`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("a")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "b")
        try FileManager.default.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "a")
        #expect(throws: ByteSourceError(name: path, code: ELOOP)) { try FileByteSource(path: path) }
    }
}
