import Testing

@testable import PBXClient

/// One entry or one extension that is wrong, and what is listed nevertheless.
@Suite struct ListingTests {
    private static func mailbox(_ number: String, _ entries: String...) -> String {
        #"{"extid":"\#(number)","voicemail":[\#(entries.joined(separator: ","))]}"#
    }

    private static func entry(_ file: String, _ caller: String = "2000") -> String {
        #"{"voicemailfile":"\#(file)","messagefrom":"\#(caller)","voicemaildate":"2020-01-02 18:00:00"}"#
    }

    private static func listing(_ mailboxes: String...) -> Reply {
        .text(#"{"status":"Success","voicemails":[\#(mailboxes.joined(separator: ","))]}"#)
    }

    /// What no repair gets over.
    private static let broken = #"{"x" "y","voicemailfile":"msg0001.wav","messagefrom":"2001"}"#

    private func list(
        _ replies: [Reply], _ selection: MailboxSelection = .all,
        adjust: (inout PBXConfiguration) -> Void = { _ in }
    ) async throws -> (list: VoicemailList, asked: [String?]) {
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: replies])
        let list = try await Sample.session(transport, adjust: adjust).voicemails(in: selection)
        return (list, transport.calls(of: .voicemailQuery).map(\.body))
    }

    @Test func `lists each mailbox by itself where they cannot be read at once`() async throws {
        let all = Self.listing(
            Self.mailbox("1000", Self.entry("msg0000.wav"), Self.broken),
            Self.mailbox("1001", Self.entry("a")))
        let first = Self.listing(Self.mailbox("1000", Self.entry("msg0000.wav"), Self.broken))
        let second = Self.listing(Self.mailbox("1001", Self.entry("a")))
        let (list, asked) = try await list([all, all, first, first, second])
        #expect(list.voicemails.map { "\($0.extension)/\($0.file)" } == ["1000/msg0000.wav", "1001/a"])
        #expect(list.unreadable.map { "\($0)" }.count == 1)
        #expect(list.unreadable.first?.file == "msg0001.wav")
        #expect(list.unreadable.first?.extension == "1000")
        let one = #"{"extid":"1000"}"#
        #expect(asked == [nil, nil, one, one, #"{"extid":"1001"}"#])
    }

    @Test func `counts an entry that cannot be read where two answers are alike, and no other`() async throws
    {
        func reply(_ broken: String) -> Reply {
            Self.listing(Self.mailbox("1000", Self.entry("msg0000.wav"), broken))
        }
        let same = try await list([reply(Self.broken)], .extensions(["1000"])).list
        #expect(same.unreadable.map { $0.message?.extension } == ["1000"])
        let replies = (1...9).map {
            reply(Self.broken + String(repeating: ",{\"messagefrom\" 2}", count: $0))
        }
        let changing = try await list(replies, .extensions(["1000"])).list
        #expect(changing.voicemails.map(\.file) == ["msg0000.wav"])
        #expect(!changing.unreadable.isEmpty && changing.unreadable.allSatisfy { $0.message == nil })
    }

    @Test func `takes a listing that was cut by chance for no broken one`() async throws {
        let whole = Self.listing(Self.mailbox("1000", Self.entry("msg0000.wav"), Self.entry("msg0001.wav")))
        var cut = whole
        cut.pieces[0] = Array(whole.pieces[0].prefix(150))
        let (list, asked) = try await list([cut, whole])
        #expect(list.voicemails.count == 2 && list.unreadable.isEmpty)
        #expect(asked.count == 2)
    }

    @Test
    func `believes a listing without its last brackets once it has come twice, and no other without its end`()
        async throws
    {
        let whole = #"{"status":"Success","voicemails":["# + Self.mailbox("1000", Self.entry("a")) + "]}"
        let (unclosed, asked) = try await list([.text(String(whole.dropLast(3)))])
        #expect(unclosed.voicemails.map(\.file) == ["a"] && unclosed.unreadable.isEmpty)
        #expect(asked.count == 2)
        // Each time another part of it, a comma behind the entry, and nothing but the status.
        let parts = [
            Reply.text(String(whole.dropLast(2))), .text(String(whole.dropLast(3)) + ","), .text(whole),
        ]
        #expect(try await list(parts).asked.count == 3)
        let (cut, all) = try await list([parts[1], parts[1], parts[2]])
        #expect(cut.voicemails.map(\.file) == ["a"])
        #expect(
            cut.unreadable.map { "\($0)" } == [
                "the listing cannot be read to its end, as it breaks off: look at its messages on the PBX"
            ])
        #expect(all == [nil, nil, #"{"extid":"1000"}"#])
        await #expect(throws: PBXError.badAnswer(.voicemailQuery, reason: "it breaks off")) {
            try await list([.text(#"{"status":"Success","#)])
        }
    }

    @Test func `asks once where a listing is as doubtful as it was before`() async throws {
        let unclosed = Reply.text(
            #"{"status":"Success","voicemails":["# + String(Self.mailbox("1000", Self.entry("a")).dropLast(2))
        )
        let transport = ScriptedTransport([.login: [.login("t1")], .voicemailQuery: [unclosed]])
        let session = try Sample.session(transport)
        for count in 2...4 {
            #expect(try await session.voicemails().voicemails.map(\.file) == ["a"])
            #expect(transport.count(.voicemailQuery) == count)
        }
    }

    @Test func `lists the others where the box fails over one of several extensions`() async throws {
        let (list, _) = try await list(
            [
                .text("oops", status: 500), .text("oops", status: 500),
                Self.listing(Self.mailbox("1001", Self.entry("b"))),
            ],
            .extensions(["1000", "1001"])
        ) { $0.retry.retries = 0 }
        #expect(list.voicemails.map(\.file) == ["b"])
        #expect(
            list.unreadable.map { "\($0)" } == [
                "the listing of extension 1000 cannot be read to its end, as the PBX gives HTTP status 500: look at its "
                    + "messages on the PBX"
            ])
    }

    @Test func `says that a listing makes no sense of which nothing remains`() async throws {
        for text in ["nonsense", #"{"status":"Success","voicemails":"#] {
            await #expect(
                throws: PBXError.badAnswer(.voicemailQuery, reason: "it is not the JSON of the API")
            ) {
                try await list([.text(text)])
            }
        }
    }

    @Test func `lists the others where one of several extensions is not there`() async throws {
        let selection = MailboxSelection.extensions(["1000", "9999", "1001"])
        let (list, asked) = try await list(
            [
                .refusal(10006), Self.listing(Self.mailbox("1000", Self.entry("a"))), .refusal(10006),
                Self.listing(Self.mailbox("1001", Self.entry("b"))),
            ], selection)
        #expect(list.voicemails.map(\.file) == ["a", "b"])
        #expect(list.missingExtensions == ["9999"])
        #expect(asked.count == 4)
        let none = PBXError.refused(.voicemailQuery, .extensionMissing, item: "extension 1001")
        await #expect(throws: none) { try await self.list([.refusal(10006)], selection) }
    }

    @Test func `names the mailbox of which nothing can be read`() async throws {
        let nonsense = Reply.text("nonsense")
        let (list, _) = try await list(
            [
                .refusal(10006), nonsense, nonsense, nonsense, nonsense,
                Self.listing(Self.mailbox("1001", Self.entry("b"))),
            ], .extensions(["1000", "1001"]))
        #expect(list.voicemails.map(\.file) == ["b"])
        #expect(
            list.unreadable.first.map { "\($0)" }?.hasPrefix("the listing of extension 1000 cannot be read")
                == true)
    }
}
