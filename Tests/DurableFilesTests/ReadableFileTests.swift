import DurableFiles
import FileFaults
import Foundation
import TestSupport
import Testing

struct ReadableFileTests {
    private static let content = Array("0123456789".utf8)

    @Test(arguments: [1, 3, 4096])
    func `reads every byte, however few a read gives`(largestRead: Int) throws {
        let folder = try ScratchFolder()
        let path = try folder.write(Self.content, to: "digits")
        let operations = FaultyFileOperations(largestRead: largestRead)
        #expect(try operations.contents(of: path, limit: 100) == Self.content)
        #expect(try operations.contents(of: path, at: 3, count: 100) == Array(Self.content[3...]))
        var pieces: [[UInt8]] = []
        try ReadableFile(path: path, operations: operations).forEachPiece(of: 4) { pieces.append($0) }
        #expect(pieces.flatMap { $0 } == Self.content)
    }

    @Test func `takes no end for true that the size contradicts`() throws {
        let folder = try ScratchFolder()
        let path = try folder.write(Self.content, to: "digits")
        for position in 1...6 {
            // One read that gives nothing is asked once more.
            let operations = FaultyFileOperations(.shortRead, at: position, largestRead: 4)
            guard let bytes = try? operations.contents(of: path, limit: 100) else { continue }
            #expect(bytes == Self.content)
        }
        let error = #expect(throws: FileError.self) {
            try FaultyFileOperations(largestRead: 0).contents(of: path, limit: 100)
        }
        #expect(error?.kind == .endedEarly)
        #expect(error?.description.contains("before all of its bytes were read; ") == true)
    }

    @Test func `tells a file that becomes shorter while it is read as a whole`() throws {
        let folder = try ScratchFolder()
        let path = try folder.write(Self.content, to: "digits")
        let file = try ReadableFile(path: path)
        truncate(path, 6)
        #expect(file.size == 10)
        #expect(throws: FileError.self) { try file.contents(limit: 100) }
        #expect(throws: FileError.self) { try file.contents(limit: 7) }
        #expect(try file.contents(limit: 6) == Array(Self.content[..<6]))
        #expect(throws: FileError.self) { try file.forEachPiece { _ in } }
        // Who follows a file that others cut takes its new end.
        #expect(try file.bytes(at: 2, count: 100) == Array(Self.content[2..<6]))
    }

    @Test func `finds no file missing that is in its folder`() throws {
        let folder = try ScratchFolder()
        let path = try folder.write(Self.content, to: "digits")
        let operations = FaultyFileOperations(.missing, at: 1)
        #expect(try operations.contentsIfThere(of: path, limit: 100) == Self.content)
        #expect(
            operations.trace == [
                "read digits", "list \(folder.url.lastPathComponent)", "read digits", "read digits",
            ])
        for position in 1...4 {
            let operations = FaultyFileOperations(.missing, at: position)
            #expect(try operations.confirmedStatus(of: path)?.kind == .file)
        }
        #expect(try FileSystem.posix.contentsIfThere(of: folder("other"), limit: 100) == nil)
        #expect(try FileSystem.posix.contentsIfThere(of: folder("other/below"), limit: 100) == nil)
        #expect(try FileSystem.posix.confirmedStatus(of: folder("other")) == nil)
    }

    @Test func `sees a file that comes between two looks`() throws {
        let folder = try ScratchFolder()
        let path = folder("digits")
        let operations = FaultyFileOperations(before: { step, _ in
            if step.hasPrefix("list") { _ = try? folder.write(Self.content, to: "digits") }
        })
        #expect(try operations.contentsIfThere(of: path, limit: 100) == Self.content)
    }

    @Test func `believes a path that leads nowhere only for so long`() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "nowhere")
        let error = #expect(throws: FileError.self) {
            try FileSystem.posix.contentsIfThere(of: folder("link"), limit: 1, followingLinks: true)
        }
        #expect(error?.kind == .missing)
    }
}

/// What is no regular file, in the place of one.
struct SpecialFileTests {
    enum Thing: String, CaseIterable {
        case fifo, socket, folder, link, linkInCircle, device
    }

    /// Puts a thing at a path; false where the machine does not allow that.
    private func make(_ thing: Thing, at path: String) throws -> Bool {
        switch thing {
        case .fifo: return mkfifo(path, 0o600) == 0
        case .socket:
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(100)) }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
        case .folder: return mkdir(path, 0o700) == 0
        case .link: return symlink("/etc/hostname", path) == 0
        case .linkInCircle: return symlink(path, path) == 0
        // /dev/zero, which never ends.
        case .device: return mknod(path, S_IFCHR | 0o600, 0x105) == 0
        }
    }

    @Test(arguments: Thing.allCases)
    func `is refused at once, and in one sentence, by whatever opens a file`(thing: Thing) throws {
        let folder = try ScratchFolder()
        let path = folder("x")
        guard try make(thing, at: path) else { return }
        let kind: FileError.Kind =
            switch thing {
            case .fifo, .socket, .device: .notAFile
            case .folder: .isAFolder
            case .link, .linkInCircle: .isALink
            }
        func expect(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) {
            let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) { try body() }
            #expect(error?.kind == kind, "\(String(describing: error))", sourceLocation: sourceLocation)
            #expect(error?.description.contains("; ") == true, sourceLocation: sourceLocation)
        }
        expect { _ = try FileSystem.posix.contents(of: path, limit: 10) }
        expect { _ = try FileSystem.posix.contentsIfThere(of: path, limit: 10) }
        expect { _ = try FileSystem.posix.contents(of: path, at: 0, count: 10) }
        expect { _ = try AppendedFile(path: path) }
        expect { _ = try PendingFile(takingOver: path) }
        expect {
            do throws(FolderLock.Failure) {
                _ = try FolderLock(path: path)
            } catch {
                if case .file(let error) = error { throw error }
            }
        }
        let status = try FileSystem.posix.status(of: path, followingLinks: false)?.kind
        #expect(status == (thing == .folder ? .folder : kind == .isALink ? .link : .other))
    }

    @Test func `is followed where a person names a link`() throws {
        let folder = try ScratchFolder()
        try folder.write("key".utf8, to: "real")
        try FileManager.default.createSymbolicLink(atPath: folder("alias"), withDestinationPath: "real")
        #expect(
            try FileSystem.posix.contents(of: folder("alias"), limit: 10, followingLinks: true)
                == Array("key".utf8))
    }
}
