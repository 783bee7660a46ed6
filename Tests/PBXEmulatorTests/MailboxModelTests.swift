import Testing

@testable import PBXEmulator

@Suite struct MailboxModelTests {
    var model = MailboxModel.sample

    @Test mutating func `gives yesterday's second message the name of the first when that is deleted`() throws
    {
        let first = try #require(model.id("first"))
        #expect(model.message(in: "1000", folder: .inbox, file: "msg0001.wav")?.audio == Array("second".utf8))
        let wasThere = model.delete(first)
        #expect(wasThere)
        #expect(model.message(in: "1000", folder: .inbox, file: "msg0000.wav")?.audio == Array("second".utf8))
        #expect(model.files(in: "1000", .inbox) == ["msg0000.wav", "msg0001.wav"])
        #expect(model.place(of: first) == nil)
        let isThere = model.delete(first)
        #expect(!isThere)
    }

    @Test mutating func `moves a heard message behind the last of Old and closes the gap it left`() throws {
        let second = try #require(model.id("second"))
        let moved = model.listen(to: second)
        #expect(moved)
        #expect(model.names(in: "1000", .inbox) == ["first", "third"])
        #expect(model.names(in: "1000", .old) == ["old", "second"])
        #expect(model.place(of: second)?.file == "msg0001.wav")
        let movedAgain = model.listen(to: second)
        #expect(!movedAgain, "it is heard already")
    }

    @Test mutating func `gives a heard message the first free number of Old`() throws {
        for name in ["first", "second"] { model.listen(to: try #require(model.id(name))) }
        #expect(model.names(in: "1000", .old) == ["old", "first", "second"])
        model.delete(try #require(model.id("first")), closingGap: false)
        #expect(model.files(in: "1000", .old) == ["msg0000.wav", "msg0002.wav"])
        model.listen(to: try #require(model.id("third")), closingGap: false)
        #expect(model.names(in: "1000", .old) == ["old", "third", "second"])
    }

    @Test mutating func `keeps a gap until the mailbox is opened, and delivers behind it`() throws {
        model.delete(try #require(model.id("first")), closingGap: false)
        #expect(model.isStale("1000"))
        #expect(model.files(in: "1000", .inbox) == ["msg0001.wav", "msg0002.wav"])
        model.deliver(
            to: "1000", date: "2020-01-03 00:00:00", caller: "1", length: 1, audio: Array("new".utf8))
        #expect(model.files(in: "1000", .inbox) == ["msg0001.wav", "msg0002.wav", "msg0003.wav"])
        model.open("1000")
        #expect(!model.isStale("1000"))
        #expect(model.files(in: "1000", .inbox) == ["msg0000.wav", "msg0001.wav", "msg0002.wav"])
        #expect(model.names(in: "1000", .inbox) == ["second", "third", "new"])
    }

    @Test mutating func `puts a message marked unread back behind INBOX`() throws {
        model.markUnread(try #require(model.id("old")))
        #expect(model.names(in: "1000", .inbox) == ["first", "second", "third", "old"])
        #expect(model.names(in: "1000", .old).isEmpty)
    }

    @Test func `refuses deliveries and moves into a full folder`() throws {
        var small = MailboxModel(folderCapacity: 1)
        small.deliver(to: "1", folder: .old, date: "", caller: "", length: 0, audio: [])
        let delivered = small.deliver(to: "1", date: "", caller: "", length: 0, audio: [])
        let refused = small.deliver(to: "1", date: "", caller: "", length: 0, audio: [])
        let unheard = try #require(delivered)
        #expect(refused == nil)
        let moved = small.listen(to: unheard)
        #expect(!moved)
        #expect(small.place(of: unheard)?.folder == .inbox)
    }

    @Test mutating func `forgets an extension with its mailbox`() {
        model.removeExtension("1000")
        #expect(model.extensions == ["1001", "1004"])
        #expect(model.messages(in: "1000", folder: .inbox).isEmpty)
    }

    @Test(arguments: [
        "msg0000.WAV", "msg000.wav", "msg00000.wav", "msg-001.wav", "../msg0000.wav", "msg+000.wav", "",
    ])
    func `finds nothing under a name that no number gives`(name: String) {
        #expect(model.message(in: "1000", folder: .inbox, file: name) == nil)
    }
}
