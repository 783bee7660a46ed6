import ByteSources
import Testing

@Suite struct MemoryByteSourceTests {
    private let source = MemoryByteSource(Array(0..<10))

    @Test(
        arguments: [(0, 4, [0, 1, 2, 3]), (7, 4, [7, 8, 9]), (10, 4, []), (99, 4, []), (3, 0, [])]
            as [(Int64, Int, [UInt8])])
    func `reads what there is from an offset`(offset: Int64, count: Int, expected: [UInt8]) throws {
        #expect(try source.bytes(at: offset, count: count) == expected)
    }

    @Test func `takes no more memory than there are bytes`() throws {
        #expect(try source.bytes(at: 8, count: .max) == [8, 9])
    }

    @Test func `fills only the part of a buffer that it has bytes for`() throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
        defer { buffer.deallocate() }
        buffer.initializeMemory(as: UInt8.self, repeating: 0xAA)
        #expect(try source.read(at: 6, into: buffer) == 4)
        #expect(Array(buffer) == [6, 7, 8, 9, 0xAA, 0xAA, 0xAA, 0xAA])
    }
}
