import Foundation
import TestSupport
import Testing

@testable import PBXEmulator

@Suite(.serialized) struct EmulatorCommandTests {
    @Test(
        arguments: [
            ("list", .list), ("  clear ", .clear), ("deliver 1000", .deliver(mailbox: "1000", path: nil)),
            ("deliver 1000 a b c.wav", .deliver(mailbox: "1000", path: "a b c.wav")),
            ("listen 1000 msg0000.wav", .listen(mailbox: "1000", file: "msg0000.wav")),
            ("unread 1000 msg0000.wav", .unread(mailbox: "1000", file: "msg0000.wav")),
            ("delete 1000 read msg0002.wav", .delete(mailbox: "1000", folder: .old, file: "msg0002.wav")),
            ("fault truncate-download:2", .fault(EmulatorFault(.truncate, .download, count: 2))),
        ] as [(String, EmulatorCommand)])
    func `reads a command`(text: String, command: EmulatorCommand) throws {
        #expect(try EmulatorCommand(parsing: text) == command)
    }

    @Test(arguments: [
        "", "lists", "list all", "listen 1000", "delete 1000 new msg0000.wav", "fault", "fault a b",
        "deliver",
    ])
    func `refuses what is no command`(text: String) {
        #expect(throws: EmulatorCommandError.unknown(text)) { try EmulatorCommand(parsing: text) }
    }

    @Test func `changes the mailboxes of a running emulator`() async throws {
        var configuration = EmulatorConfiguration()
        configuration.mailboxes = .sample
        let emulator = try await PBXEmulator.start(configuration)
        for line in ["listen 1000 msg0001.wav", "delete 1000 unread msg0000.wav", "unread 1000 msg0000.wav"] {
            #expect(try await emulator.perform(EmulatorCommand(parsing: line)) == "")
        }
        var model = await emulator.mailboxes
        #expect(model.names(in: "1000", .inbox) == ["third", "old"])
        #expect(model.names(in: "1000", .old) == ["second"])

        let folder = try ScratchFolder()
        let path = try folder.write(Array("bytes".utf8), to: "a message.wav")
        let date = "2026-03-01 10:00:00"
        _ = try await emulator.perform(.deliver(mailbox: "1001", path: path), date: date)
        _ = try await emulator.perform(.deliver(mailbox: "1001", path: nil), date: date)
        model = await emulator.mailboxes
        let delivered = model.messages(in: "1001", folder: .inbox).map(\.message)
        #expect(delivered.map(\.length) == [0, 6])
        #expect(delivered.first?.audio == Array("bytes".utf8))
        let listing = try await emulator.perform(.list)
        #expect(listing.contains("1001 unread msg0001.wav  2026-03-01 10:00:00  2000  6 s  96044 bytes"))

        await #expect(throws: EmulatorCommandError.noSuchMessage(mailbox: "1000", file: "msg0009.wav")) {
            try await emulator.perform(.listen(mailbox: "1000", file: "msg0009.wav"))
        }
        await #expect(throws: EmulatorCommandError.unreadable(path: folder.path("none"))) {
            try await emulator.perform(.deliver(mailbox: "1001", path: folder.path("none")))
        }
        _ = try await emulator.perform(.deliver(mailbox: "1003", path: nil))
        let dated = await emulator.mailboxes.messages(in: "1003", folder: .inbox).first?.message.date
        #expect(try #require(dated).wholeMatch(of: /20\d\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d/) != nil)
        try await emulator.stop()
    }
}
