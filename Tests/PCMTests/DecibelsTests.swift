import PCM
import Testing

@Suite struct DecibelsTests {
    @Test(arguments: [(0.0, 1.0), (20, 10), (-40, 0.01), (6.020599913279624, 2)])
    func `stand for a ratio of amplitudes, and for its square in powers`(value: Double, ratio: Double) {
        #expect(abs(Decibels(value).amplitudeRatio / ratio - 1) < 1e-12)
        #expect(abs(Decibels(amplitudeRatio: ratio).value - value) < 1e-12)
        #expect(abs(Decibels(powerRatio: ratio * ratio).value - value) < 1e-12)
    }

    @Test func `have silence at minus infinity`() {
        #expect(Decibels(amplitudeRatio: 0).value == -.infinity)
        #expect(Decibels(powerRatio: 0).value == -.infinity)
        #expect(Decibels(-.infinity).amplitudeRatio == 0)
        #expect(Decibels(-.infinity) < Decibels(-300))
    }

    @Test func `add and compare as levels and gains do`() {
        #expect(Decibels(-30) + Decibels(7) == Decibels(-23))
        #expect(Decibels(-23) - Decibels(-30) == Decibels(7))
        #expect(Decibels(-30) < Decibels(-23))
        #expect(!(Decibels(-23) < Decibels(-23)))
        #expect(!(Decibels(-23) < Decibels(-30)))
    }

    @Test(
        arguments: [
            (-23, "-23.00"), (0, "0.00"), (-0.001, "0.00"), (0.006, "0.01"), (-0.126, "-0.13"),
            (123.456, "123.46"), (-.infinity, "-inf"), (.nan, "nan"),
        ] as [(Double, String)])
    func `are written with two decimals`(value: Double, text: String) {
        #expect(Decibels(value).text == text)
    }

    @Test(
        arguments: [
            (1.5, 0, "2"), (-7, 0, "-7"), (0.04, 1, "0.0"), (0.96, 1, "1.0"), (-12.34, 1, "-12.3"),
            (0.000000001, 9, "0.000000001"), (0x1p61, 0, "2305843009213693952"),
            (0x1p62, 0, "4.611686018427388e+18"),
            (1e300, 9, "1e+300"),
        ] as [(Double, Int, String)])
    func `are written as any number is, with as many decimals as are wanted`(
        value: Double, decimals: Int, text: String
    ) {
        #expect(value.text(decimals: decimals) == text)
    }
}
