internal import CZlib

/// Bytes on their way into a gzip file, by zlib; the only owner of its state.
///
/// The header has no name and no time, so that the same bytes give the same file with the same zlib.
@safe final class GzipStream {
    /// zlib keeps the address of its state's owner, so it lies on the heap.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes ready to compress.
    ///
    /// - Throws: `CorpusFormatError.compression`, for want of memory.
    init() throws(CorpusFormatError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Sixteen more than the largest window asks for gzip's header; 8 is zlib's own choice of memory.
        let code = unsafe deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe stream.deallocate()
            throw .compression(code: code)
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Takes bytes, and returns what of the file is ready by now, often nothing.
    ///
    /// - Throws: `CorpusFormatError.compression`.
    func compress(_ bytes: [UInt8]) throws(CorpusFormatError) -> [UInt8] {
        bytes.isEmpty ? [] : try run(bytes, flush: Z_NO_FLUSH)
    }

    /// Returns the rest of the file; nothing can be compressed after it.
    ///
    /// - Throws: `CorpusFormatError.compression`.
    func finish() throws(CorpusFormatError) -> [UInt8] {
        try run([], flush: Z_FINISH)
    }

    private func run(_ bytes: [UInt8], flush: Int32) throws(CorpusFormatError) -> [UInt8] {
        var input = bytes
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        let code = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(input.count)
            // zlib has taken all there is once it leaves room in the buffer.
            while true {
                let (code, room) = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(buffer.count)
                    return unsafe (deflate(stream, flush), Int(stream.pointee.avail_out))
                }
                output += buffer[..<(buffer.count - room)]
                if room > 0 || (code != Z_OK && code != Z_BUF_ERROR) { return code }
            }
        }
        unsafe stream.pointee.next_in = nil
        unsafe stream.pointee.next_out = nil
        // Z_BUF_ERROR only says that there was nothing left to do.
        guard code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END else {
            throw .compression(code: code)
        }
        return output
    }
}
