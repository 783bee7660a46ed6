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
        #"{"status":"Success","voicemails":[1,2]}"#,
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
        #expect(answer.namelessVoicemails == 2)
    }

    @Test func `survives nesting deeper than any stack`() {
        let deep = String(repeating: #"{"voicemails":["#, count: 100_000)
        #expect(throws: PBXError.self) { try answer(deep) }
    }
}
