/// The ways in which recorders, disks and transfers damage WAV files.
public enum DamagedWave: String, Sendable, Hashable, CaseIterable {
    /// The sizes are 0: the recorder died before it came back to fill them in.
    case sizesZero = "sizes-zero"
    /// The sizes are 0xFFFFFFFF: written to a pipe.
    case sizesStreaming = "sizes-streaming"
    /// The last third is missing.
    case truncated
    /// Junk lies before the header.
    case leadingGarbage = "leading-garbage"
    /// Junk lies behind the audio.
    case trailingGarbage = "trailing-garbage"
    /// The file ends within the header.
    case headerOnly = "header-only"
    /// There are no bytes.
    case zeroBytes = "zero-bytes"
    /// Something else was saved under the name: no byte is what it was.
    case foreign

    /// A WAV file with this damage.
    ///
    /// - Parameter wave: A file whose `data` chunk is the last, as `WaveComposer` writes it. Any bytes are
    ///   accepted; where there is no `data` chunk, only what can be damaged is.
    /// - Returns: The damaged file.
    public func applied(to wave: [UInt8]) -> [UInt8] {
        switch self {
        case .sizesZero: Self.withSizes([0, 0, 0, 0], in: wave)
        case .sizesStreaming: Self.withSizes([0xFF, 0xFF, 0xFF, 0xFF], in: wave)
        case .truncated: Array(wave.prefix(wave.count * 2 / 3))
        case .leadingGarbage: Array("HTTP/1.0 200 OK\r\nContent-Type: audio/x-wav\r\n\r\n".utf8) + wave
        case .trailingGarbage: wave + Array("TAGleft by a tagger".utf8) + Array(repeating: 0, count: 109)
        case .headerOnly: Array(wave.prefix(30))
        case .zeroBytes: []
        case .foreign: wave.map { ~$0 }
        }
    }

    private static func withSizes(_ size: [UInt8], in wave: [UInt8]) -> [UInt8] {
        var bytes = wave
        if bytes.count >= 8 { bytes.replaceSubrange(4..<8, with: size) }
        let id = Array("data".utf8)
        let last = max(0, min(bytes.count - 8, 256))
        if let start = (0..<last).first(where: { Array(bytes[$0..<$0 + 4]) == id }) {
            bytes.replaceSubrange(start + 4..<start + 8, with: size)
        }
        return bytes
    }
}
