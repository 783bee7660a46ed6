import Foundation
import Leveling
import PCM
import Testing

@Suite struct RateConverterTests {
    private static func sine(_ rate: Int, frames: Int) -> [Double] {
        (0..<frames).map { 0.5 * sin(2 * .pi * 440 * Double($0) / Double(rate)) }
    }

    private static func convert(_ samples: [Double], from: Int, to: Int, block: Int) throws -> [Double] {
        let format = PCMFormat(sampleRate: from, channels: 1, bitsPerSample: 16)
        var converter = try RateConverter(format, to: to)
        var output: [Double] = []
        var part: [Double] = []
        for start in stride(from: 0, to: samples.count, by: block) {
            let piece = samples.span.extracting(start..<min(start + block, samples.count))
            try converter.convert(piece, into: &part)
            output += part
        }
        try converter.finish(into: &part)
        return output + part
    }

    @Test(arguments: [(8000, 16_000), (16_000, 8000), (44_100, 16_000), (11_025, 8000), (8000, 8000)])
    func `keeps a tone, its length and its phase`(from: Int, to: Int) throws {
        let output = try Self.convert(Self.sine(from, frames: from), from: from, to: to, block: 1000)
        #expect(abs(output.count - to) <= 1)
        let wanted = Self.sine(to, frames: to)
        // The ends ring, as nothing is known of what lies beyond them.
        let difference = zip(output, wanted).dropFirst(400).dropLast(400).map { abs($0 - $1) }.max() ?? 1
        #expect(difference < 1e-4)
    }

    @Test(arguments: [(8000, 16_000), (16_000, 8000), (44_100, 16_000), (11_025, 8000)])
    func `gives the same however the samples are cut`(from: Int, to: Int) throws {
        let samples = Self.sine(from, frames: 12_345)
        let whole = try Self.convert(samples, from: from, to: to, block: samples.count)
        #expect(abs(Double(whole.count) - 12_345 * Double(to) / Double(from)) <= 1)
        for block in [1, 7, 4096] {
            #expect(try Self.convert(samples, from: from, to: to, block: block) == whole)
        }
    }
}
