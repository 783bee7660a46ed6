import Foundation
import TestSupport
import Testing
import TransparencyLog

struct CanonicalNumberTests {
    private func text(_ number: Double) throws -> String {
        String(decoding: try CanonicalJSON.number(number).encoded(), as: UTF8.self)
    }

    /// RFC 8785 appendix B.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"),
            (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func `writes a number as the standard's table has it`(bits: UInt64, expected: String) throws {
        #expect(try text(Double(bitPattern: bits)) == expected)
    }

    @Test(arguments: [
        (5.0, "5"), (-5.0, "-5"), (1e-7, "1e-7"), (123e-20, "1.23e-18"), (0.5, "0.5"), (-18.25, "-18.25"),
        (1e20, "100000000000000000000"), (100.0, "100"), (1e100, "1e+100"),
    ])
    func `sets the digits as ECMAScript does`(number: Double, expected: String) throws {
        #expect(try text(number) == expected)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `refuses what is no finite number`(number: Double) {
        #expect(throws: CanonicalJSON.Failure.notFinite) {
            try CanonicalJSON.array([.number(number)]).encoded()
        }
    }

    private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled("Node is not installed", { node != nil }))
    func `agrees with an ECMAScript engine about numbers of every size`() async throws {
        // Steps of the golden ratio fall everywhere.
        let steps = (1...6000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        var numbers = steps.map { Double(bitPattern: $0) }
        numbers += steps.map { Double($0) / 1e13 }
        numbers += (-330...308).map { pow(10, Double($0)) } + (0...70).map { pow(2, Double($0)) - 1 }
        numbers.removeAll { !$0.isFinite }
        let folder = try ScratchFolder()
        let bits = numbers.map { String($0.bitPattern) }.joined(separator: "\n")
        let list = try folder.write(bits.utf8, to: "bits")
        let script = """
            const view = new DataView(new ArrayBuffer(8));
            for (const bits of require("fs").readFileSync(process.argv[1], "utf8").split("\\n")) {
                view.setBigUint64(0, BigInt(bits)); console.log(JSON.stringify(view.getFloat64(0)));
            }
            """
        let node = Tool(path: try #require(Self.node))
        let result = try await node.run(["-e", script, list])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try numbers.map { try text($0) } == result.lines)
    }

    @Test func `writes digits that Python reads back as the same number`() async throws {
        let numbers: [Double] = [0.1, 1.0 / 3, .leastNonzeroMagnitude, 1e21, 1e-7, 123_456_789.125, -2.5e-9]
        let texts = try numbers.map { try text($0) }
        let script =
            "import json,sys,struct\nfor t in sys.argv[1:]: print(struct.pack('>d', json.loads(t)).hex())"
        let result = try await Tool.python.run(["-c", script] + texts)
        let expected = numbers.map { number in
            let bits = String(number.bitPattern, radix: 16)
            return String(repeating: "0", count: 16 - bits.count) + bits
        }
        #expect(result.lines == expected)
    }
}
