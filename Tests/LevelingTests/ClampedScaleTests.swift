import Leveling
import PCM
import Testing

@Suite struct ClampedScaleTests {
    @Test func `rounds floating point to 24 bits`() {
        let scale = ClampedScale(gain: Decibels(0))
        var output: [Int32] = [7]
        let samples: [Double] = [0, 0.5, -0.5, 1 / 8_388_608, 0.49 / 8_388_608, -1]
        scale.apply(samples.span, into: &output)
        #expect(output == [0, 4_194_304, -4_194_304, 1, 0, -8_388_608])
        #expect(scale.outputBits == 24)
    }

    @Test func `clamps what lies beyond full scale`() {
        let scale = ClampedScale(gain: Decibels(6.0206))
        var output: [Int32] = []
        let samples = [0.25, 0.6, -0.6, 32_768, -32_768, 0x1p24]
        scale.apply(samples.span, into: &output)
        #expect(abs(output[0] - 4_194_304) <= 2)
        #expect(output.dropFirst() == [8_388_607, -8_388_608, 8_388_607, -8_388_608, 8_388_607])
    }

    @Test func `stores what is no sample as 0`() {
        let scale = ClampedScale(gain: Decibels(12))
        var output: [Int32] = []
        let samples = [Double.nan, .signalingNaN, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude]
        scale.apply(samples.span, into: &output)
        #expect(output == [0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: zip([24, 32, 16], [1000, 256_000, 4] as [Int32]))
    func `scales integers of any width to 24 bits`(_ sourceBits: Int, _ sample: Int32) {
        let scale = ClampedScale(gain: Decibels(-6.020599913279624), sourceBits: sourceBits)
        var samples = [sample, -sample, .max, .min]
        var span = samples.mutableSpan
        scale.apply(&span)
        let expected: Int32 = sourceBits == 16 ? 512 : 500
        #expect(samples[0] == expected)
        #expect(samples[1] == -expected)
    }
}
