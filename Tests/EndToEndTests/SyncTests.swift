import Foundation
import PBXEmulator
import Synchronization
import TestSupport
import Testing

@Suite(.serialized) struct SyncTests {
    @Test func `brings every message home once, and restores each to what the PBX sent`() async throws {
        let mailboxes = DemoMailboxes.make(speechFolder: nil)
        let pbx = try await SyncedPBX(mailboxes)
        // An empty file on the PBX is a download that failed; it stays one.
        var expected = mailboxes
        for mailbox in mailboxes.extensions {
            for folder in MailboxModel.Folder.allCases {
                for entry in mailboxes.messages(in: mailbox, folder: folder) where entry.message.audio.isEmpty
                {
                    expected.delete(entry.message.id)
                }
            }
        }
        let first = try await pbx.sync()
        #expect(first.status == 1, "\(first.diagnostics)")
        try await pbx.expectEachOnce(expected)
        try await pbx.emulator.stop()
    }

    @Test func `fetches nothing twice`() async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 6)
        let pbx = try await SyncedPBX(mailboxes)
        #expect(try await pbx.sync().status == 0)
        let downloads = await pbx.requests(.download)
        #expect(downloads == 6)
        let second = try await pbx.sync()
        #expect(second.status == 0, "\(second.diagnostics)")
        #expect(second.lines.isEmpty)
        #expect(await pbx.requests(.download) == downloads)

        await pbx.emulator.mutate { model in
            _ = model.listen(to: 2)
            model.deliver(
                to: "1000", date: "2026-02-01 00:00:00", caller: "3000", length: 1,
                audio: SyncedPBX.audio(seed: 99))
        }
        #expect(try await pbx.sync().status == 0)
        #expect(await pbx.requests(.download) == downloads + 1)
        try await pbx.expectEachOnce(await pbx.emulator.mailboxes)
        try await pbx.emulator.stop()
    }

    @Test func `takes equal audio of messages that are listed alike for one message`() async throws {
        func mailboxes(_ seeds: [UInt64]) -> MailboxModel {
            var model = MailboxModel()
            for seed in seeds {
                model.deliver(
                    to: "1000", date: "2026-01-05 09:00:00", caller: "2000", length: 1,
                    audio: SyncedPBX.audio(seed: seed))
            }
            return model
        }
        let pbx = try await SyncedPBX(mailboxes([1, 1, 2, 3]))
        let first = try await pbx.sync()
        #expect(first.status == 1)
        #expect(first.diagnostics.contains("3 archived, 1 listed repeatedly"), "\(first.diagnostics)")
        try await pbx.expectEachOnce(mailboxes([1, 2, 3]))
        #expect(try await pbx.sync().status == 0)
        for (seed, status) in [(4, 0), (2, 1)] as [(UInt64, Int32)] {
            await pbx.emulator.mutate { model in
                model.deliver(
                    to: "1000", date: "2026-01-05 09:00:00", caller: "2000", length: 1,
                    audio: SyncedPBX.audio(seed: seed))
            }
            #expect(try await pbx.sync().status == status)
            try await pbx.expectEachOnce(mailboxes([1, 2, 3, 4]))
        }
        #expect(try await pbx.sync().status == 0)
        try await pbx.emulator.stop()
    }

    @Test func `files no message under another's caller while the mailbox is renumbered`() async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 8, extensions: ["1000"])
        let pbx = try await SyncedPBX(mailboxes)
        // Someone listens to the first unread message right before every third request, whatever it is.
        await pbx.emulator.onRequest { request, model in
            guard request.sequence % 3 == 0, let first = model.messages(in: "1000", folder: .inbox).first
            else { return }
            _ = model.listen(to: first.message.id)
        }
        var result = try await pbx.sync()
        await pbx.emulator.onRequest(nil)
        #expect([0, 1].contains(result.status), "\(result.diagnostics)")
        result = try await pbx.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        try await pbx.expectEachOnce(await pbx.emulator.mailboxes)
        try await pbx.emulator.stop()
    }

    @Test(arguments: [3, 5, 8, 10, 13, 15])
    func `ends with every message once after being killed`(atRequest request: Int) async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 5)
        let pbx = try await SyncedPBX(mailboxes)
        let victim = Mutex<RunningTool?>(nil)
        await pbx.emulator.onRequest { current, _ in
            if current.sequence == request { victim.withLock { $0?.signal(SIGKILL) } }
        }
        let running = try pbx.start()
        victim.withLock { $0 = running }
        let killed = await running.result()
        await pbx.emulator.onRequest(nil)
        #expect(killed.status == 128 + SIGKILL)
        let result = try await pbx.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `says what is done when interrupted, and finishes in the next run`(signal: Int32) async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 6)
        let pbx = try await SyncedPBX(mailboxes)
        let victim = Mutex<RunningTool?>(nil)
        await pbx.emulator.onRequest { current, _ in
            if current.sequence == 12 { victim.withLock { $0?.signal(signal) } }
        }
        let running = try pbx.start()
        victim.withLock { $0 = running }
        let result = await running.result()
        #expect(result.status == 130)
        #expect(result.diagnostics.contains("Interrupted. 6 messages listed"), "\(result.diagnostics)")
        #expect(try await pbx.sync().status == 0)
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test func `goes on when the terminal goes away that nohup has started it from`() async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 6)
        let pbx = try await SyncedPBX(mailboxes)
        try pbx.makeArchive()
        let running = try Tool("nohup").start(
            [Tool.voxkeep.path] + pbx.arguments(), environment: pbx.environment)
        await pbx.emulator.onRequest { current, _ in
            if current.sequence == 12 { running.signal(SIGHUP) }
        }
        let result = await running.result()
        #expect(result.status == 0, "\(result.diagnostics)")
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test(arguments: [
        "truncate-download:2", "wrong-length-download:1", "gateway-timeout-download:1", "html-download:1",
        "busy-download:1",
        "empty-download:1", "error-download=20017:2", "expire-token-download:1", "expire-random-download:1",
        "expire-token-query:1", "drop-download:1", "drop-query:1", "gateway-timeout-login:1",
        "missing-commas-query:*",
        "trailing-commas-query:*", "unclosed-query:*", "integers-query:*", "integers-random:*",
        "wrong-message:1",
        "renumber-download:1", "slow-download=20:1", "error-random=20010:1",
    ])
    func `gets over a fault of the PBX`(fault: String) async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 3, extensions: ["1000"])
        let pbx = try await SyncedPBX(mailboxes) { $0.faults.add(try! EmulatorFault(parsing: fault)) }
        var result = try await pbx.sync()
        if result.status == 1 { result = try await pbx.sync() }
        #expect(result.status == 0, "\(result.diagnostics)")
        try await pbx.expectEachOnce(await pbx.emulator.mailboxes)
        try await pbx.emulator.stop()
    }

    @Test(arguments: ["busy", "html"])
    func `keeps no passing error for the message, and asks again`(fault: String) async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 2)
        let pbx = try await SyncedPBX(mailboxes)
        await pbx.emulator.inject(try EmulatorFault(parsing: "\(fault)-download:*"))
        let first = try await pbx.sync()
        #expect(first.status == 1, "\(first.diagnostics)")
        #expect(try await pbx.list().isEmpty)
        await pbx.emulator.removeFaults()
        #expect(try await pbx.sync().status == 0)
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test func `leaves no message on the PBX for one that breaks every connection`() async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 5)
        // Two messages at a time have four attempts each: seven broken ones make one of them fail for good.
        let pbx = try await SyncedPBX(mailboxes) { $0.faults.add(EmulatorFault(.drop, .download, count: 7)) }
        let result = try await pbx.sync(["--jobs", "1"])
        #expect(result.status == 1, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("4 archived, 1 failed"), "\(result.diagnostics)")
        #expect(try await pbx.sync().status == 0)
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test func `lets no name from a PBX lead out of the archive`() async throws {
        var model = MailboxModel()
        model.addExtension("1000")
        let callers = [
            "../../etc/x", "nul\0caller", String(repeating: "9", count: 300), "line\nbreak", "", "-rf",
            "Ünïcode",
        ]
        for (index, caller) in callers.enumerated() {
            model.deliver(
                to: "1000", date: "2026-01-0\(index + 1) 09:00:00", caller: caller, length: 1,
                audio: SyncedPBX.audio(seed: UInt64(index)))
        }
        model.deliver(
            to: "1000", date: "../../../tmp/x", caller: "1", length: 1, audio: SyncedPBX.audio(seed: 50))
        let pbx = try await SyncedPBX(model)
        let result = try await pbx.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        try await pbx.expectEachOnce(model)
        let safe = /archive\/recordings\/test\/(\d{4}\/\d\d\/\d\d|undated)\/[A-Za-z0-9+._-]+\.flac/
        for path in pbx.scratch.files() where path.hasSuffix(".flac") {
            #expect(path.wholeMatch(of: safe) != nil, "\(path)")
        }
        try await pbx.emulator.stop()
    }

    @Test func `survives hostile file names in listings`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 3)) {
            $0.faults.add(EmulatorFault(.hostileNames, count: nil))
        }
        let result = try await pbx.sync()
        #expect([0, 1].contains(result.status), "\(result.diagnostics)")
        #expect(!result.diagnostics.contains("\0"))
        #expect(pbx.scratch.files().allSatisfy { $0.hasPrefix("archive/") || $0.hasPrefix("configuration/") })
        try await pbx.emulator.stop()
    }

    @Test func `makes a lost catalog anew from journal and sidecars`() async throws {
        let mailboxes = DemoMailboxes.make(speechFolder: nil)
        let pbx = try await SyncedPBX(mailboxes)
        _ = try await pbx.sync(["--extension", "1000", "--extension", "1001"])
        let before = try await pbx.list().map(\.key).sorted()
        let downloads = await pbx.requests(.download)
        pbx.removeCatalog()
        let result = try await pbx.sync(["--extension", "1000", "--extension", "1001"])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await pbx.list().map(\.key).sorted() == before)
        #expect(await pbx.requests(.download) == downloads)
        try await pbx.emulator.stop()
    }

    @Test(arguments: ["", "no database"])
    func `makes a damaged catalog anew from journal and sidecars`(content: String) async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 3)
        let pbx = try await SyncedPBX(mailboxes)
        #expect(try await pbx.sync().status == 0)
        try Data(content.utf8).write(to: URL(filePath: pbx.archive + "/catalog.sqlite"))
        let result = try await pbx.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("made anew"), "\(result.diagnostics)")
        #expect(await pbx.requests(.download) == 3)
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test func `knows messages of any name again when the catalog is lost`() async throws {
        var model = MailboxModel()
        model.addExtension("1000")
        for (index, caller) in ["nul\0caller", "nul\u{FFFD}caller", "back\\0slash", "../x"].enumerated() {
            model.deliver(
                to: "1000", date: "2026-01-05 09:00:00", caller: caller, length: 1,
                audio: SyncedPBX.audio(seed: UInt64(index)))
        }
        let pbx = try await SyncedPBX(model)
        #expect(try await pbx.sync().status == 0)
        let downloads = await pbx.requests(.download)
        pbx.removeCatalog()
        #expect(try await pbx.sync().status == 0)
        #expect(await pbx.requests(.download) == downloads)
        try await pbx.expectEachOnce(model)
        try await pbx.emulator.stop()
    }

    @Test func `leaves a damaged file to verify when the catalog is lost`() async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 3)
        let pbx = try await SyncedPBX(mailboxes)
        #expect(try await pbx.sync().status == 0)
        let expected = try await pbx.list().map(\.key).sorted()
        let flac = try #require(pbx.scratch.files().first { $0.hasSuffix(".flac") })
        try FileManager.default.removeItem(atPath: pbx.scratch.path(flac))
        try pbx.scratch.write("garbage".utf8, to: flac)
        pbx.removeCatalog()

        let result = try await pbx.sync()
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await pbx.list().map(\.key).sorted() == expected)
        #expect(await pbx.requests(.download) == 3)
        #expect(pbx.scratch.text(flac) == "garbage")
        try await pbx.emulator.stop()
    }

    @Test func `keeps messages of dates that cannot be undated, from their arrival`() async throws {
        var model = MailboxModel()
        model.addExtension("1000")
        for (index, date) in ["1970-01-01 08:00:12", "2099-01-01 00:00:00", "2026-06-01 12:00:00"]
            .enumerated()
        {
            model.deliver(
                to: "1000", date: date, caller: "1", length: 1, audio: SyncedPBX.audio(seed: UInt64(index)))
        }
        let pbx = try await SyncedPBX(model)
        let result = try await pbx.sync(["--retention", "30y"])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(
            result.diagnostics.contains("2 messages came with a date before 2000 or days ahead"),
            "\(result.diagnostics)")
        for row in try await pbx.list() {
            let isWrong = !row.listedDate.hasPrefix("2026")
            #expect(row.warnings == (isWrong ? ["date.implausible"] : []))
            #expect(row.output?.contains("/undated/") == isWrong)
        }
        let expiry = try await Tool.voxkeep.run(
            ["expire", "--dry-run", "--archive", pbx.archive], environment: pbx.environment)
        #expect(
            expiry.status == 0 && expiry.diagnostics.contains("0 recordings would be erased"),
            "\(expiry.diagnostics)")
        // The messages are the same as before, by what is listed.
        let again = try await pbx.sync()
        #expect(again.lines.isEmpty && !again.diagnostics.contains("days ahead"), "\(again.diagnostics)")
        try await pbx.expectEachOnce(model)
        try await pbx.emulator.stop()
    }

    @Test func `marks dates that the time zone skips or repeats`() async throws {
        var model = MailboxModel()
        model.addExtension("1000")
        for (index, date) in ["2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-06-01 12:00:00"]
            .enumerated()
        {
            model.deliver(
                to: "1000", date: date, caller: "1", length: 1, audio: SyncedPBX.audio(seed: UInt64(index)))
        }
        let pbx = try await SyncedPBX(model)
        #expect(try await pbx.sync(["--timezone", "Europe/Berlin"]).status == 0)
        let warnings = Dictionary(
            uniqueKeysWithValues: try await pbx.list().map { ($0.listedDate, $0.warnings) })
        #expect(warnings["2024-03-31 02:30:00"] == ["date.nonexistent"])
        #expect(warnings["2024-10-27 02:30:00"] == ["date.ambiguous"])
        #expect(warnings["2024-06-01 12:00:00"] == [])
        try await pbx.emulator.stop()
    }
}
