import Foundation
import TestSupport
import Testing
import Timestamps

/// What a token can say, as openssl writes it when it is told to.
struct TimestampInfoTests {
    private static func info(_ info: CraftedInfo) async throws -> TimestampInfo {
        let authority = try await LocalTimestampAuthority()
        return try TimestampAnswer(await authority.token(["-cades"], info)).info
    }

    @Test(arguments: [
        "19700101000000Z", "20000229000000Z", "20010301000000Z", "20240229235959Z", "20251231235959Z",
        "20260101000000Z", "21000228235959Z", "21000301000000Z", "99981231235959Z",
    ])
    func `has the time that date finds, too`(time: String) async throws {
        let read = try await Self.info(CraftedInfo(time: time)).time
        let result = try await Tool("date").run(["-u", "-d", read.text, "+%Y%m%d%H%M%SZ %s"])
        #expect(result.lines == ["\(time) \(Int(read.date.timeIntervalSince1970))"])
    }

    @Test(arguments: [
        ("20161231235960Z", "2016-12-31T23:59:60Z", 1_483_228_800),
        ("20260127123456.5Z", "2026-01-27T12:34:56.5Z", 1_769_517_296.5),
        ("20260127123456.000001Z", "2026-01-27T12:34:56.000001Z", 1_769_517_296.000001),
    ])
    func `has leap seconds and decimals`(time: String, text: String, seconds: Double) async throws {
        let read = try await Self.info(CraftedInfo(time: time)).time
        #expect(read.text == text)
        #expect(read.date == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "99991231235959Z", "99991231235960Z", "19691231235959Z", "20260127123461Z", "20260230000000Z",
        "20261301000000Z", "20260127240000Z", "20260127123456.50Z", "20260127123456.Z", "20260127123456",
        "202601271234Z", "20260127123456+0100", "-0260127123456Z", "x",
        "20260127123456.\(String(repeating: "1", count: 40))Z",
    ])
    func `has no time that clocks do not show or that is written otherwise`(time: String) async throws {
        await #expect(throws: TimestampError.self) { try await Self.info(CraftedInfo(time: time)) }
    }

    @Test func `may leave out what is optional`() async throws {
        let info = try await Self.info(CraftedInfo(serial: "0x00FFEEDDCCBBAA99887766554433221100"))
        #expect(info.accuracy == nil)
        #expect(info.nonce == nil)
        #expect(info.serial == "ffeeddccbbaa99887766554433221100")
    }

    @Test(
        arguments: [
            ("INTEGER:2", "", "", Duration.seconds(2)),
            ("", "IMPLICIT:0,INTEGER:3", "", .milliseconds(3)),
            ("", "", "IMPLICIT:1,INTEGER:4", .microseconds(4)),
            (
                "INTEGER:2147483647", "IMPLICIT:0,INTEGER:999", "IMPLICIT:1,INTEGER:999",
                .microseconds(2_147_483_647_999_999)
            ),
            ("INTEGER:-1", "", "", nil), ("INTEGER:2147483648", "", "", nil),
        ] as [(String, String, String, Duration?)])
    func `may say how exact the time is`(
        seconds: String, milliseconds: String, microseconds: String, accuracy: Duration?
    ) async throws {
        let fields = [seconds, milliseconds, microseconds].filter { !$0.isEmpty }.enumerated()
        let section = fields.map { "f\($0) = \($1)" }.joined(separator: "\n")
        let info = CraftedInfo(lines: "accuracy = SEQUENCE:accuracy", sections: "[accuracy]\n\(section)")
        if let accuracy {
            #expect(try await Self.info(info).accuracy == accuracy)
        } else {
            await #expect(throws: TimestampError.self) { try await Self.info(info) }
        }
    }

    @Test(arguments: [("", true), ("critical = BOOLEAN:TRUE", false)])
    func `is not accepted with an extension that must be understood`(
        line: String, isAccepted: Bool
    ) async throws {
        let info = CraftedInfo(
            lines: "extensions = IMPLICIT:1,SEQUENCE:extensions",
            sections: """
                [extensions]
                one = SEQUENCE:extension
                [extension]
                identifier = OID:1.2.3.4
                \(line)
                value = FORMAT:HEX,OCTETSTRING:0500
                """)
        if isAccepted {
            #expect(try await Self.info(info).policy == "1.2.3.4.1")
        } else {
            await #expect(throws: TimestampError.self) { try await Self.info(info) }
        }
    }

    @Test(arguments: [
        CraftedInfo(version: 2), CraftedInfo(serial: "-1"),
        CraftedInfo(serial: "0x01" + String(repeating: "00", count: 64)),
        CraftedInfo(lines: "stranger = NULL"),
    ])
    func `is refused where RFC 3161 does not know it`(info: CraftedInfo) async throws {
        await #expect(throws: TimestampError.self) { try await Self.info(info) }
    }

    @Test func `has a refusal's reason without what could command a terminal`() async throws {
        let authority = try await LocalTimestampAuthority()
        let long = String(repeating: "x", count: 300)
        let response = try await authority.der(
            """
            asn1 = SEQUENCE:response
            [response]
            status = SEQUENCE:status
            [status]
            code = INTEGER:2
            texts = SEQUENCE:texts
            failure = FORMAT:BITLIST,BITSTRING:2,25
            [texts]
            first = FORMAT:UTF8,UTF8:no\u{1B}\u{202E}time
            second = FORMAT:UTF8,UTF8:\(long)

            """)
        let error = #expect(throws: TimestampError.self) { try TimestampAnswer(response) }
        guard case .refused(2, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix("no??time, xxx"))
        #expect(reason.count == 200)
    }
}
