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

    @Test(
        arguments: [
            (0, [0, 1, 2], true), (7, [7, 8, 9], true), (7, [7, 8, 0], false), (8, [8, 9, 10], false),
            (10, [], true),
            (11, [], false), (-1, [0], false), (.max, [0], false),
        ] as [(Int64, [UInt8], Bool)])
    func `compares bytes, and has none beyond its end`(offset: Int64, bytes: [UInt8], isEqual: Bool) {
        #expect(source.hasBytes(bytes, at: offset) == isEqual)
    }

    @Test func `is what a short source becomes, and a long one stays as it is`() throws {
        let observed = ObservedByteSource(source) { _ in true }
        let loaded = try observed.loaded(limit: 10)
        #expect(loaded is MemoryByteSource)
        #expect(try loaded.bytes(at: 0, count: 99) == Array(0..<10))
        #expect(try observed.loaded(limit: 9) is ObservedByteSource)
    }

    @Test func `does not stand in for a source that ends before it should`() throws {
        struct Shrunk: ByteSource {
            var byteCount: Int64 { 4 }
            func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Int { 0 }
        }
        #expect(try Shrunk().loaded(limit: 10) is Shrunk)
    }
}
