import Testing

@testable import PBXClient

@Suite struct PBXAnswerTests {
    private func answer(_ text: String, extension asked: String? = nil) throws -> PBXAnswer {
        try PBXAnswer(Array(text.utf8), operation: .voicemailQuery, extension: asked)
    }

    @Test func `reads the answer that the starting page prints`() throws {
        let answer = try answer(
            """
            {
                "status": "Success",
                "extid": "1004",
                "voicemailfile": "msg0000.wav",
                "random": "70f477822e6a379d7359b2d926ea95a5"
            }
            """)
        #expect(answer.outcome == .success)
        #expect(answer.random?.reveal() == "70f477822e6a379d7359b2d926ea95a5")
        #expect(answer.extension == "1004")
        #expect(answer.file == "msg0000.wav")
        #expect(answer.status == nil)
    }

    @Test(arguments: [
        // As documented; with texts as integers; with `number`; without the comma between messages; cut
        // behind them.
        """
        {"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav",
        "messagefrom":"2000","voicemailstatus":"read","voicemaildate":"2020-01-02 18:00:00","voicemaillength":"42"},
        {"voicemailfile":"msg0000.wav","messagefrom":"2001","voicemailstatus":"unread",
        "voicemaildate":"2020-01-03 18:00:00","voicemaillength":"7"}]}]}
        """,
        """
        {"status":"Success","voicemails":[{"extid":1000,"voicemail":[{"voicemailfile":"msg0000.wav",
        "messagefrom":2000,"voicemailstatus":"Read","voicemaildate":"2020-01-02 18:00:00","voicemaillength":42},
        {"voicemailfile":"msg0000.wav","messagefrom":2001,"voicemailstatus":"unread",
        "voicemaildate":"2020-01-03 18:00:00","voicemaillength":7}]}]}
        """,
        """
        {"status":"Success","voicemails":[{"number":"1000","voicemail":[{"voicemailfile":"msg0000.wav",
        "messagefrom":"2000","voicemailstatus":"read","voicemaildate":"2020-01-02 18:00:00","voicemaillength":"42"}
        {"voicemailfile":"msg0000.wav","messagefrom":"2001","voicemailstatus":"unread",
        "voicemaildate":"2020-01-03 18:00:00","voicemaillength":"7"}]}]}
        """,
        """
        {"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav",
        "messagefrom":"2000","voicemailstatus":"read","voicemaildate":"2020-01-02 18:00:00","voicemaillength":"42"},
        {"voicemailfile":"msg0000.wav","messagefrom":"2001","voicemailstatus":"unread",
        "voicemaildate":"2020-01-03 18:00:00","voicemaillength":"7",}
        """,
        """
        {"status":"Success","voicemails":{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav",
        "messagefrom":"2000","voicemailstatus":"read","voicemaildate":"2020-01-02 18:00:00","voicemaillength":"42"},
        {"voicemailfile":"msg0000.wav","messagefrom":"2001","voicemailstatus":"unread",
        "voicemaildate":"2020-01-03 18:00:00","voicemaillength":"7"}]}}
        """,
    ])
    func `reads a listing in each of its shapes`(text: String) throws {
        #expect(
            try answer(text).voicemails == [
                Sample.listing(status: .read, date: "2020-01-02 18:00:00"),
                Sample.listing(status: .unread, caller: "2001", date: "2020-01-03 18:00:00", length: "7"),
            ])
    }

    @Test(arguments: [
        #"{"status":"Success"}"#, #"{"status":"Success","voicemails":[]}"#,
        #"{"status":"Success","voicemails":null}"#,
        #"{"status":"Success","voicemails":""}"#, #"{"status":"Success","voicemails":[{"extid":"1000"}]}"#,
        #"{"status":"Success","voicemails":[{"extid":"1000","voicemail":[]}]}"#,
        #"{"status":"success","errno":"0"}"#,
    ])
    func `takes every form of nothing for an empty mailbox`(text: String) throws {
        let answer = try answer(text)
        #expect(answer.outcome == .success)
        #expect(answer.voicemails.isEmpty)
    }

    @Test(arguments: [
        #"{"status":"Failed","errno":"20017"}"#, #"{"status":"Failure","errno":20017}"#,
        #"{"errno":"20017"}"#,
        #"{"status":"Failed","errno":"20017",}"#,
    ])
    func `reads a refusal in each of its shapes`(text: String) throws {
        #expect(try answer(text).outcome == .failure(.voicemailRandomInvalid))
    }

    @Test(arguments: [
        "nonsense", #"{"status":"Failed"}"#,
        #"{"status":"Success"#,
        #"{"status":"Perhaps"}"#, #"{"a":1}"#, #"{"status":"Failed","errno":"E12"}"#, "[]",
    ])
    func `says that an answer makes no sense`(text: String) throws {
        let error = try #require(throws: PBXError.self) { try answer(text) }
        guard case .badAnswer = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.isTransient)
    }

    @Test(arguments: [
        #"<?xml version="1.0"?><response><status>Failed</status><errno>30003</errno></response>"#,
        #"<Response Status='Failed' Errno='30003'/>"#, "\u{FEFF}\n<errno>\n30003 </errno>",
    ])
    func `understands a refusal in XML`(text: String) throws {
        #expect(try answer(text).outcome == .failure(.serviceStopped))
    }

    @Test func `tells pages and XML from answers`() {
        for text in ["<html><body>504 Gateway Time-out</body></html>", " <!DOCTYPE html>errno 3"] {
            #expect(throws: PBXError.webPage(.voicemailQuery)) { try answer(text) }
        }
        for text in ["<a/>", "<?xml version='1.0'?><status>Success</status>"] {
            #expect(throws: PBXError.xml(.voicemailQuery)) { try answer(text) }
        }
    }

    @Test func `takes an answer without a status that has what was asked for`() throws {
        #expect(try answer(#"{"voicemails":[]}"#).outcome == .success)
        let random = try PBXAnswer(Array(#"{"random":"70f4"}"#.utf8), operation: .voicemailRandom)
        #expect(random.outcome == .success)
        let login = try PBXAnswer(Array(#"{"token":"1e3b"}"#.utf8), operation: .login)
        #expect(login.outcome == .success)
    }

    @Test(arguments: ["", " \r\n"])
    func `tells an empty answer from a bad one`(text: String) {
        #expect(throws: PBXError.emptyBody(.voicemailQuery)) { try answer(text) }
        let bad = #expect(throws: PBXError.self) { try answer(text + "!") }
        #expect(bad != .emptyBody(.voicemailQuery))
    }

    @Test func `keeps hostile names as they are, and counts those that cannot be asked for`() throws {
        let answer = try answer(
            """
            {"status":"Success","voicemails":[{"voicemail":[{"voicemailfile":"../../etc/x\\u0000\\n"},
            {"voicemailfile":""},{"messagefrom":"1"}]}]}
            """, extension: "1000")
        #expect(answer.voicemails.map(\.file) == ["../../etc/x\0\n"])
        #expect(answer.voicemails.map(\.extension) == ["1000"])
        #expect(answer.voicemails.map(\.seconds) == [nil])
        #expect(answer.unreadable.map(\.position) == [2, 3])
        #expect(answer.unreadable.allSatisfy { $0.extension == "1000" && $0.reason == "it has no file name" })
    }

    @Test(arguments: [
        ("[null]", 0, ["entry 1 of the listing"]),
        ("[1,2]", 0, ["entry 1 of the listing", "entry 2 of the listing"]),
        ("7", 0, ["entry 1 of the listing"]),
        (
            #"[{"extid":"1000","voicemail":[null,{"voicemailfile":"msg0001.wav"},"x",[]]}]"#, 1,
            ["entry 1 of extension 1000", "entry 3 of extension 1000", "entry 4 of extension 1000"]
        ),
        (
            #"[{"extid":"1000","voicemail":"x"},{"extid":"1001","voicemail":[{"voicemailfile":"a"}]}]"#, 1,
            ["entry 1 of extension 1000"]
        ),
        (#"[{"voicemail":[{"voicemailfile":"a"}]}]"#, 0, ["entry 1 of the listing (a)"]),
    ])
    func `names what is no entry, and reads the others`(
        list: String, readable: Int, unreadable: [String]
    ) throws {
        let answer = try answer(#"{"status":"Success","voicemails":\#(list)}"#)
        #expect(answer.voicemails.count == readable)
        #expect(
            answer.unreadable.map {
                String("\($0)".prefix { $0 != "," }).replacing(" cannot be read", with: "")
            }
                == unreadable)
    }

    /// The caller of the one message of a listing, as it stands there with or without quotation marks.
    private func caller(_ raw: [UInt8], encoding: TextEncoding = .utf8) throws -> String? {
        let head =
            #"{"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav","#
        let tail =
            #","voicemailstatus":"unread","voicemaildate":"2020-01-02 18:00:00","voicemaillength":"42"}]}]}"#
        let body = Array((head + #""messagefrom":"#).utf8) + raw + Array(tail.utf8)
        let answer = try PBXAnswer(body, operation: .voicemailQuery, encoding: encoding)
        guard let voicemail = answer.voicemails.first, answer.voicemails.count == 1 else { return nil }
        #expect(voicemail == Sample.listing(caller: voicemail.caller))
        #expect(answer.unreadable.isEmpty)
        return voicemail.caller
    }

    @Test(arguments: [
        (#""Bob "the" Builder""#, #"Bob "the" Builder"#), (#""say ""hi""#, #"say ""hi"#),
        (#""Smith", John""#, #"Smith", John"#), (#""a"}b""#, #"a"}b"#), (#""back\""#, #"back\"#),
        (#""C:\dir\""#, #"C:\dir\"#), (#""He said \"hi\"""#, #"He said "hi""#), (#""""#, ""), (#"null"#, ""),
        ("13800138000138001380", "13800138000138001380"), ("-20000000000000000001", "-20000000000000000001"),
        ("0100", "0100"), (#""\ud83d""#, "\u{FFFD}"), (#""a\ude00\ud83db""#, "a\u{FFFD}\u{FFFD}b"),
        (#""\ud83d\ude00""#, "\u{1F600}"), (#"{"name":"Bob"}"#, "\u{FFFD}"), (#"["Bob"]"#, "\u{FFFD}"),
        ("\"a\u{0}b\"", "a\u{0}b"), ("\"a\nb\tc\"", "a\nb\tc"), (#""a\qb""#, #"a\qb"#), ("12.50", "12.50"),
        ("Bob Builder", "Bob Builder"), ("+86 138", "+86 138"),
    ])
    func `keeps a caller, however carelessly it is written`(raw: String, expected: String) throws {
        #expect(try caller(Array(raw.utf8)) == expected)
    }

    @Test(arguments: [
        // 张三 in GBK; 許 as Big5 would have it, whose second byte is a backslash: bare, and escaped; the halves of 张
        // in UTF-8; é in Latin 1.
        ([0xD5, 0xC5, 0xC8, 0xFD] as [UInt8], "\u{FFFD}\u{FFFD}"), ([0xB3, 0x5C], "\u{FFFD}"),
        ([0x81, 0x5C], "\u{FFFD}"), ([0xFE, 0x5C], "\u{FFFD}"),
        ([0xB3, 0x5C, 0x5C], "\u{FFFD}\\"), ([0xE5, 0xBC], "\u{FFFD}"), ([0xE5], "\u{FFFD}"),
        ([0xC5, 0xA0, 0xD5], "\u{160}\u{FFFD}"), ([0x52, 0xE9, 0x6E, 0xE9], "R\u{FFFD}n\u{FFFD}"),
        ([0xD5, 0xC5, 0x5C, 0x22], "\u{FFFD}\""), ([0xFF, 0x80, 0x31], "\u{FFFD}\u{FFFD}1"),
        ([0xE5, 0xE5, 0xBC, 0xA0], "\u{FFFD}\u{5F20}"),
    ])
    func `keeps the readable rest of a caller that is not UTF-8`(bytes: [UInt8], expected: String) throws {
        #expect(try caller([0x22] + bytes + [0x22]) == expected)
    }

    @Test(arguments: [
        ([0xD5, 0xC5, 0xC8, 0xFD] as [UInt8], "张三"), ([0xB3, 0x5C], "砛"), ([0xB3, 0x5C, 0x5C], "砛"),
        ([0xD5, 0xC5, 0x5C, 0x22, 0x31], "张\"1"), ([0x81, 0x30, 0x84, 0x36], "¥"), ([0xD5], "\u{FFFD}"),
        ([0xD5, 0xC5, 0xFF, 0x31], "张\u{FFFD}1"), ([0x31, 0x32], "12"),
        ([0xD5, 0xC5, 0x81, 0x39, 0xFE], "张\u{FFFD}9\u{FFFD}"),
    ])
    func `decodes GB18030 where a box writes that`(bytes: [UInt8], expected: String) throws {
        #expect(try caller([0x22] + bytes + [0x22], encoding: .gb18030) == expected)
    }

    @Test(arguments: [
        #""Bob,"voicemailstatus":"read""#, #""a","voicemailfile" : x""#,
    ])
    func `files nothing under a caller that may have swallowed another value`(raw: String) throws {
        let body =
            #"{"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav","#
            + #""messagefrom":\#(raw),"voicemaildate":"2020-01-02 18:00:00"},{"voicemailfile":"msg0001.wav","voicemaildate":"x"}]}]}"#
        let answer = try answer(body, extension: "1000")
        #expect(answer.voicemails.map(\.file) == ["msg0001.wav"])
        #expect(answer.unreadable.map(\.position) == [1])
        #expect(answer.unreadable.map(\.file) == ["msg0000.wav"])
    }

    @Test func `reads what it can of a listing that is beyond repair, if it is of one mailbox`() throws {
        let text =
            #"{"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"x" "y","voicemailfile":"msg0000.wav","#
            + #""messagefrom":"2000"}, {"x" "y","messagefrom":"a"}, {"voicemailfile":"msg0001.wav","messagefrom":"2001","voicemaildate":"x"},"#
            + #"{"voicemailfile":"msg0003.wav","messagefrom":"2003"},{"voicemailfile":"msg0002.wav","messagefrom":"{[\\""}]},{"extid":"1001"#
        let one = try answer(text, extension: "1000")
        #expect(one.voicemails.map(\.file) == ["msg0001.wav"])
        // What has no date may have lost it to another object.
        #expect(one.unreadable.map(\.file) == ["msg0000.wav", nil, "msg0003.wav", "msg0002.wav", nil])
        #expect(one.unreadable.map(\.position) == [1, 2, 4, 5, nil])
        let all = try answer(text)
        #expect(all.voicemails.isEmpty)
        #expect(all.remainingExtensions == ["1000", "1001"])
    }

    @Test func `survives nesting deeper than any stack`() {
        let deep = String(repeating: #"{"voicemails":["#, count: 100_000)
        #expect(throws: PBXError.self) { try answer(deep) }
    }
}
