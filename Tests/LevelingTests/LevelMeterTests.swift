import Leveling
import PCM
import Testing

@Suite struct LevelMeterTests {
    @Test func `reads a full-scale square wave as 0 dBov`() throws {
        let samples = (0..<40_000).map { Int32($0 / 10 % 2 == 0 ? 32767 : -32768) }
        let measurement = try Signals.measure(samples)
        let rms = try #require(measurement.rms)
        let level = try #require(measurement.level)
        #expect(abs(rms.value) < 0.001)
        #expect(abs(level.value) < 0.03)
    }

    @Test(arguments: [8, 16, 24, 32])
    func `takes the most negative sample for 0 dBFS`(_ bits: Int) throws {
        let lowest = Int32(truncatingIfNeeded: -(Int64(1) << (bits - 1)))
        let measurement = try Signals.measure([0, lowest, 3], bits: bits, method: .samplePeak)
        #expect(measurement.samplePeak == Decibels(0))
        #expect(measurement.level == Decibels(0))
        #expect(measurement.peakMagnitude == lowest.magnitude)
    }

    @Test(arguments: zip([[0, 0], [4, -12], [5, 8], [Int32.min, 0]] as [[Int32]], [0, 2, 0, 31]))
    func `counts the low bits that are 0 in all samples`(_ samples: [Int32], _ zeroBits: Int) throws {
        #expect(try Signals.measure(samples, bits: 32).commonZeroBits == zeroBits)
    }

    @Test func `finds the common zero bits of both G711 laws`() throws {
        let codes = UInt8.min...UInt8.max
        #expect(try Signals.measure(codes.map { G711.muLawValue(of: $0) }).commonZeroBits == 2)
        #expect(try Signals.measure(codes.map { G711.aLawValue(of: $0) }).commonZeroBits == 3)
    }

    @Test func `takes the common zero bits over all channels`() throws {
        #expect(try Signals.measure([16, 4, 32, 8], channels: 2).commonZeroBits == 2)
    }

    @Test func `measures no level for the method none, but what scaling needs`() throws {
        let measurement = try Signals.measure(Signals.tone(amplitude: 3277, count: 8000), method: .none)
        #expect(measurement.level == nil)
        #expect(measurement.peakMagnitude == 3277)
        #expect(measurement.activeSpeech != nil)
    }

    @Test(arguments: [
        PCMFormat(sampleRate: 0, channels: 1, bitsPerSample: 16),
        PCMFormat(sampleRate: -8000, channels: 1, bitsPerSample: 16),
        PCMFormat(sampleRate: 8000, channels: 0, bitsPerSample: 16),
        PCMFormat(sampleRate: 8000, channels: 65, bitsPerSample: 16),
        PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 0),
        PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 65),
    ])
    func `refuses a format that has no sensible meaning`(_ format: PCMFormat) {
        let refusal = LevelingError.unsupportedFormat(
            sampleRate: format.sampleRate, channels: format.channels, bitsPerSample: format.bitsPerSample)
        #expect(throws: refusal) {
            let meter = try LevelMeter(format: format, method: .activeSpeech)
            _ = try meter.finish()
        }
        #expect(throws: refusal) { try ActivityDetector(format: format, activeSpeechLevel: Decibels(-26)) }
    }

    @Test(arguments: [1, 44_100 * 100, Int(UInt32.max)])
    func `measures the strangest sample rates without running out of memory`(_ sampleRate: Int) throws {
        let samples = Signals.tone(amplitude: 3277, count: 8000)
        let measurement = try Signals.measure(samples, sampleRate: sampleRate, method: .loudness)
        #expect(measurement.method == .activeSpeech)
        #expect(measurement.fallback == .sampleRate)
        #expect(measurement.rms != nil)
    }

    @Test func `refuses a block that ends within a frame`() {
        #expect(throws: LevelingError.partialFrame(samples: 3, channels: 2)) {
            try Signals.measure([1, 2, 3], channels: 2)
        }
    }

    @Test func `finds the peak between samples`() throws {
        // A sine at a quarter of the rate, sampled 45 degrees off its crests, peaks 3.01 dB above its samples.
        var meter = try LevelMeter(
            format: PCMFormat(sampleRate: 8000, channels: 1, bitsPerSample: 16), method: .samplePeak,
            truePeak: true)
        let samples = (0..<8000).map { Int32($0 / 2 % 2 == 0 ? 8192 : -8192) }
        try meter.add(samples.span)
        let measurement = try meter.finish()
        let samplePeak = try #require(measurement.samplePeak)
        let truePeak = try #require(measurement.truePeak)
        #expect(abs(samplePeak.value + 12.041) < 0.001)
        // The head of the square-like sequence overshoots a little more than the sine itself.
        #expect((-9.2 ... -8.0).contains(truePeak.value))
    }

    @Test func `leaves the peak between samples alone unless asked for it`() throws {
        #expect(try Signals.measure([1, 2, 3], method: .samplePeak).truePeak == nil)
    }
}
