/// How long a WAV file is by its own header.
enum WaveExtent {
    /// How many bytes of a file have to be known.
    static let headLength = 28

    /// The size of the whole file, in bytes; nil where the header has none.
    ///
    /// - Parameter head: The first bytes of the file, `headLength` of them where it has as many.
    /// - Returns: What the header says, were it true or not.
    static func size(in head: [UInt8]) -> Int64? {
        guard head.count >= 12, head[8..<12].elementsEqual("WAVE".utf8) else { return nil }
        switch String(decoding: head[..<4], as: UTF8.self) {
        case "RIFF": return size(head[4..<8].reversed())
        case "RIFX": return size(Array(head[4..<8]))
        // The size is in the ds64 chunk, which is the first (EBU Tech 3306).
        case "RF64", "BW64":
            guard head.count >= headLength, head[12..<16].elementsEqual("ds64".utf8) else { return nil }
            return size(head[20..<28].reversed())
        default: return nil
        }
    }

    /// The size from the bytes of the number behind the identifier, the highest first.
    private static func size(_ bytes: [UInt8]) -> Int64? {
        let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // A recorder that wrote to a pipe, or that died, left all ones or nothing.
        let isUnset = number == 0 || number == UInt64(UInt32.max) || number > UInt64(Int64.max) - 8
        return isUnset ? nil : Int64(number) + 8
    }
}
