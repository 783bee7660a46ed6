import PCM
import Testing

@Suite struct RealSampleTests {
    @Test func `may be integers of 24 bits written as floats, and nothing beyond`() {
        for number in [0, -1, 0x1p24, -0x1p24, .leastNonzeroMagnitude] {
            #expect(RealSample.isValid(number))
        }
        for number in [0x1p24.nextUp, -0x1p24.nextUp, .greatestFiniteMagnitude, .infinity, -.infinity, .nan] {
            #expect(!RealSample.isValid(number))
        }
    }
}
