import DurableFiles
import FileFaults
import Foundation
import Synchronization
import TestSupport
import Testing

struct AppendedFileTests {
    @Test func `goes on where the file ends, however few bytes a write takes`() throws {
        let folder = try ScratchFolder()
        let path = folder("lines")
        for text in ["first\n", "second line\n"] {
            var file = try AppendedFile(path: path, operations: FaultyFileOperations(largestWrite: 3))
            try file.append(Array(text.utf8))
            try file.synchronize()
            #expect(file.size == Int64(folder.text("lines")?.utf8.count ?? 0))
        }
        #expect(folder.text("lines") == "first\nsecond line\n")
    }

    @Test func `appends behind what somebody else appended`() throws {
        let folder = try ScratchFolder()
        var one = try AppendedFile(path: folder("lines"))
        var other = try AppendedFile(path: folder("lines"))
        try one.append(Array("1\n".utf8))
        try other.append(Array("2\n".utf8))
        try one.append(Array("3\n".utf8))
        #expect(folder.text("lines") == "1\n2\n3\n")
    }

    @Test func `cuts off a torn tail and writes on from there`() throws {
        let folder = try ScratchFolder()
        try folder.write("whole\nto".utf8, to: "lines")
        var file = try AppendedFile(path: folder("lines"))
        #expect(file.size == 8)
        try file.cut(to: 6)
        try file.append(Array("next\n".utf8))
        #expect(file.size == 11)
        #expect(folder.text("lines") == "whole\nnext\n")
    }

    @Test(arguments: [
        ("", "", 0), ("whole\n", "whole\n", 6), ("whole\nto", "whole\n", 6), ("to", "", 0),
        ("a\n\n", "a\n\n", 3), ("a\n1234567", "a\n", 2), ("1234567", "", 0),
        // More than a line can have was not left by whoever writes lines.
        ("a\n12345678", "a\n12345678", nil), ("12345678", "12345678", nil),
    ])
    func `cuts off an unfinished line, and never more than one`(content: String, left: String, end: Int64?)
        throws
    {
        for largestRead in [1, 3, Int.max] {
            let folder = try ScratchFolder()
            try folder.write(content.utf8, to: "lines")
            let operations = FaultyFileOperations(largestRead: largestRead)
            var file = try AppendedFile(path: folder("lines"), operations: operations)
            #expect(try file.cutUnfinishedLine(longestLine: 7) == end)
            #expect(folder.text("lines") == left)
            try file.append(Array("b\n".utf8))
            #expect(folder.text("lines") == left + "b\n")
        }
    }

    @Test func `cuts off an unfinished line that is longer than a piece`() throws {
        let folder = try ScratchFolder()
        let line = Array(repeating: UInt8(ascii: "x"), count: 300_000)
        try folder.write(line + [UInt8(ascii: "\n")] + line + line, to: "lines")
        var file = try AppendedFile(path: folder("lines"))
        #expect(try file.cutUnfinishedLine(longestLine: 600_000) == 300_001)
        #expect(folder.bytes("lines").count == 300_001)
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `cuts off no line, whatever it is told that there is`(fault: FaultyFileOperations.Fault) throws {
        for (position, largestRead) in (1...8).map({ ($0, 3) }) + [(.max, 0)] {
            let folder = try ScratchFolder(inMemory: true)
            try folder.write("whole\n12345".utf8, to: "lines")
            let operations = FaultyFileOperations(fault, at: position, largestRead: largestRead)
            if var file = try? AppendedFile(path: folder("lines"), operations: operations) {
                _ = try? file.cutUnfinishedLine(longestLine: 100)
            }
            #expect(["whole\n", "whole\n12345"].contains(folder.text("lines")))
            #expect(largestRead > 0 || folder.text("lines") == "whole\n12345")
        }
    }

    @Test func `cuts off nothing that came while it looked`() throws {
        let folder = try ScratchFolder()
        try folder.write("whole\nto".utf8, to: "lines")
        let reads = Mutex(0)
        let operations = FaultyFileOperations(before: { step, path in
            guard step == "read lines",
                reads.withLock({
                    $0 += 1; return $0 == 2
                })
            else { return }
            let handle = FileHandle(forWritingAtPath: path)
            _ = try? handle?.seekToEnd()
            try? handle?.write(contentsOf: Data("rn\n".utf8))
        })
        var file = try AppendedFile(path: folder("lines"), operations: operations)
        #expect(throws: FileError.self) { try file.cutUnfinishedLine(longestLine: 100) }
        #expect(folder.text("lines") == "whole\ntorn\n")
    }

    @Test(arguments: [
        (0, 4, "0123"), (5, 3, "567"), (8, 100, "89"), (10, 1, ""), (99, 1, ""), (3, 0, ""),
    ])
    func `reads a range of a file`(offset: Int64, count: Int, expected: String) throws {
        let folder = try ScratchFolder()
        let path = try folder.write("0123456789".utf8, to: "digits")
        let bytes = try FileSystem.posix.contents(of: path, at: offset, count: count)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func `reads a range that is longer than one piece`() throws {
        let folder = try ScratchFolder()
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let path = try folder.write(content, to: "long")
        let bytes = try FileSystem.posix.contents(of: path, at: 1000, count: 200_000)
        #expect(bytes == Array(content[1000..<201_000]))
    }

    @Test(arguments: FaultyFileOperations.Fault.allCases)
    func `reports every step that fails`(fault: FaultyFileOperations.Fault) throws {
        for position in 1...4 {
            let folder = try ScratchFolder(inMemory: true)
            try folder.write("a\nb".utf8, to: "lines")
            let operations = FaultyFileOperations(fault, at: position)
            #expect(throws: FileError.self) {
                var file = try AppendedFile(path: folder("lines"), operations: operations)
                try file.cut(to: 2)
                try file.append(Array("c\n".utf8))
                try file.synchronize()
            }
            #expect(operations.trace.count == position)
        }
    }
}
