import Foundation
import PCM
import Testing
import WaveFiles

@Suite struct SignalMeterTests {
    private static func sine(_ amplitude: Double, hertz: Double = 440, rate: Double = 8000) -> [Double] {
        (0..<8000).map { amplitude * sin(2 * .pi * hertz * Double($0) / rate) }
    }

    private static func codes(
        _ samples: [Double], channels: Int = 1, codec: WaveCodec = .pcmS16LE
    ) -> [String: WaveFinding] {
        let format = PCMFormat(sampleRate: 8000, channels: channels, bitsPerSample: codec.decodedBits)
        var meter = SignalMeter(format, codec: codec, audioOffset: 44)
        if codec.isFloatingPoint {
            meter.add(samples.span)
        } else {
            let integers = samples.map { Int32($0.rounded()) }
            let (first, rest) = (Array(integers[..<1000]), Array(integers[1000...]))
            meter.add(first.span)
            meter.add(rest.span)
        }
        return Dictionary(meter.findings().map { ($0.code, $0) }, uniquingKeysWith: { (first, _) in first })
    }

    @Test func `has nothing to say about a tone`() {
        #expect(Self.codes(Self.sine(10_000)).isEmpty)
        #expect(Self.codes(Self.sine(0.5), codec: .pcmF32LE).isEmpty)
    }

    @Test(arguments: [(WaveCodec.pcmS16LE, 0.0), (.pcmS16LE, 7), (.pcmALaw, 8), (.pcmF32LE, 1e-5)])
    func `calls a signal of the smallest codes silent`(codec: WaveCodec, level: Double) {
        let samples = (0..<8000).map { $0 % 3 == 0 ? -level : level }
        #expect(Array(Self.codes(samples, codec: codec).keys) == ["signal.silent"])
    }

    @Test(arguments: [1, 2], [1, 7, 255, 256, 257, 1000])
    func `finds the same however the samples are cut into runs`(channels: Int, length: Int) {
        // Flat tops of all lengths, at full scale and below, across the borders of what is looked at together.
        var samples: [Int32] = []
        var state: UInt64 = 7
        while samples.count < 12_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let top = [32_767, -32_768, 30_000, -30_000, 32_767][Int(state >> 40 % 5)]
            let value = state >> 33 & 3 == 0 ? top : Int(Int16(truncatingIfNeeded: state >> 48)) / 2
            samples += repeatElement(Int32(value), count: 1 + Int(state >> 20 % 6))
        }
        samples.removeLast(samples.count % (2 * channels))
        let format = PCMFormat(sampleRate: 8000, channels: channels, bitsPerSample: 16)
        func findings(runs: Int) -> [WaveFinding] {
            var meter = SignalMeter(format, codec: .pcmS16LE)
            for start in stride(from: 0, to: samples.count, by: runs * channels) {
                meter.add(samples.span.extracting(start..<min(start + runs * channels, samples.count)))
            }
            return meter.findings()
        }
        #expect(findings(runs: length) == findings(runs: samples.count))
        #expect(findings(runs: length).contains { $0.code == "signal.clipped" })
    }

    @Test func `does not call a faint voice silent`() {
        #expect(Self.codes(Self.sine(40))["signal.silent"] == nil)
    }

    @Test(arguments: [32_767.0, 20_000])
    func `calls a flat top clipped, at full scale and below`(top: Double) {
        let samples = Self.sine(40_000).map { max(-top, min(top, $0)) }
        let finding = Self.codes(samples)["signal.clipped"]
        #expect(finding?.severity == .note)
        // A sine of 40,000 lies above 32,767 for 38.9 % of the time and above 20,000 for 66.7 %.
        let share = Double(finding?.found?.split(separator: " ").first ?? "0") ?? 0
        #expect(abs(share / 8000 - (top == 20_000 ? 0.667 : 0.389)) < 0.12)
    }

    @Test func `calls clipped what creeps up to full scale and rests there`() {
        let samples = Self.sine(33_000, hertz: 20, rate: 48_000).map { max(-32_768, min(32_767, $0)) }
        #expect(Self.codes(samples)["signal.clipped"] != nil)
    }

    @Test func `does not call a slow sine clipped that rests at its peak`() {
        #expect(Self.codes(Self.sine(20_000, hertz: 20, rate: 48_000))["signal.clipped"] == nil)
    }

    @Test func `does not call the coarse steps of G_711 clipped`() {
        let samples = Self.sine(10_000, hertz: 100).map {
            Double(G711.muLawValue(of: G711.muLawCode(for: Int32($0))))
        }
        #expect(Self.codes(samples, codec: .pcmMuLaw)["signal.clipped"] == nil)
    }

    @Test func `tells an offset in percent of full scale`() {
        let finding = Self.codes(Self.sine(5000).map { $0 + 3277 })["signal.dc-offset"]
        #expect(finding?.found == "10.0 %")
        #expect(Self.codes(Self.sine(5000).map { $0 + 200 })["signal.dc-offset"] == nil)
    }

    @Test func `tells channels that are the same from those that are not`() {
        let tone = Self.sine(5000)
        let same = tone.flatMap { [$0, $0] }
        #expect(Self.codes(same, channels: 2)["signal.identical-channels"] != nil)
        var other = same
        other[9001] += 1
        #expect(Self.codes(other, channels: 2)["signal.identical-channels"] == nil)
        #expect(Self.codes(tone)["signal.identical-channels"] == nil)
    }

    @Test func `counts the low bits that never change`() {
        let finding = Self.codes(Self.sine(1000).map { ($0.rounded()) * 16 + 5 })["signal.low-bits-constant"]
        #expect(finding?.found == "4 bits")
        let aLaw = Self.sine(9000).map { Double(G711.aLawValue(of: G711.aLawCode(for: Int32($0)))) }
        #expect(Self.codes(aLaw)["signal.low-bits-constant"]?.found == "3 bits")
        #expect(Self.codes(aLaw, codec: .pcmALaw)["signal.low-bits-constant"] == nil)
    }

    @Test func `counts the low bits that never change within a channel, whatever they are in another`() {
        let samples = Self.sine(1000).flatMap { [$0.rounded() * 16 + 5, $0.rounded() * -16 + 3] }
        #expect(Self.codes(samples, channels: 2)["signal.low-bits-constant"]?.found == "4 bits")
    }

    @Test func `counts real numbers that are none, and where the first is`() {
        var samples = Self.sine(0.5)
        samples[100] = .nan
        samples[200] = -.nan
        let finding = Self.codes(samples, codec: .pcmF32LE)["sample.nan"]
        #expect(finding?.severity == .error)
        #expect(finding?.offset == 444)
        #expect(finding?.found == "2 samples")
    }

    @Test func `counts real numbers beyond full scale`() {
        var samples = Self.sine(0.5)
        samples[10] = 1.5
        samples[11] = -32_768
        samples[12] = -.infinity
        let finding = Self.codes(samples, codec: .pcmF64LE)["sample.over-full-scale"]
        #expect(finding?.severity == .note)
        #expect(finding?.offset == 124)
        #expect(finding?.found == "2 samples")
    }
}
