import Foundation

/// A small WAV file that tests make by themselves.
public enum SampleWave {
    /// A file of 16 bits, one channel and 8,000 Hz, whose tone depends on a number.
    public static func bytes(frames: Int = 4000, _ number: Int = 0) -> [UInt8] {
        let samples = (0..<frames).map { Int16(8000 * sin(Double($0 * (10 + number)) / 100)) }
        let audio = samples.flatMap { little(UInt16(bitPattern: $0)) }
        return Array("RIFF".utf8) + little(UInt32(36 + audio.count)) + Array("WAVEfmt ".utf8)
            + little(UInt32(16)) + little(UInt16(1)) + little(UInt16(1)) + little(UInt32(8000))
            + little(UInt32(16_000)) + little(UInt16(2)) + little(UInt16(16)) + Array("data".utf8)
            + little(UInt32(audio.count)) + audio
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
