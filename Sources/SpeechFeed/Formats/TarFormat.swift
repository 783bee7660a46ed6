/// The pieces of a tar file as POSIX.1-1988 has them (ustar): regular files of nobody in particular, made at
/// the epoch.
enum TarFormat {
    /// Bytes in a block; headers and contents fill whole ones.
    static let blockSize: Int64 = 512

    /// The most bytes of a file: what eleven octal digits hold.
    static let largestSize: Int64 = (1 << 33) - 1

    /// Bytes that a tar file's length is a multiple of, twenty blocks, as `tar` writes it.
    static let recordSize: Int64 = 20 * blockSize

    /// The bytes of a file in a tar file, with its header.
    static func length(of size: Int64) -> Int64 { blockSize + size + padding(after: size) }

    /// The bytes that fill the last block of a file.
    static func padding(after size: Int64) -> Int64 { (blockSize - size % blockSize) % blockSize }

    /// The bytes that end a tar file: two blocks at least, and as many as fill its last record.
    static func trailerLength(after length: Int64) -> Int64 {
        let end = length + 2 * blockSize
        return 2 * blockSize + (recordSize - end % recordSize) % recordSize
    }

    /// The header of a regular file.
    ///
    /// - Throws: `CorpusFormatError.nameTooLong` and `tooLarge`.
    static func header(name: String, size: Int64) throws(CorpusFormatError) -> [UInt8] {
        guard name.utf8.count <= 100 else { throw .nameTooLong(name: name) }
        guard size <= largestSize else { throw .tooLarge(name: name, size: size) }
        var header: [UInt8] = []
        func add(_ text: String, width: Int) {
            header += Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
        }
        add(name, width: 100)
        add("0000644", width: 8)
        add("0000000", width: 8)
        add("0000000", width: 8)
        add(octal(size, digits: 11), width: 12)
        add("00000000000", width: 12)
        // The sum is taken with its own place full of spaces.
        let sum = header.count
        add("        ", width: 8)
        add("0", width: 1)
        add("", width: 100)
        add("ustar", width: 6)
        add("00", width: 2)
        add("", width: 64)
        add("0000000", width: 8)
        add("0000000", width: 8)
        add("", width: 155 + 12)
        let digits = octal(header.reduce(0) { $0 + Int64($1) }, digits: 6)
        header.replaceSubrange(sum..<(sum + 7), with: Array(digits.utf8) + [0])
        return header
    }

    private static func octal(_ number: Int64, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
