import Foundation
import PBXEmulator
import Synchronization
import TestSupport
import Testing

@Suite struct StatusTests {
    private struct Status: Decodable {
        struct Copy: Decodable {
            let reached: Bool
            let recordingsBehind: Int?
        }
        struct Missing: Decodable {
            let `extension`: String?
            let date: String?
        }

        let expected: Int
        let archived: Int
        let quarantined: Int
        let erased: Int
        let missing: Int
        let underWay: Int
        let oldestMissing: Missing?
        let pendingEntries: Int
        let copies: [Copy]
        let freeBytes: Int64?
    }

    private func status(_ result: ToolResult) throws -> Status {
        try JSONDecoder().decode(Status.self, from: Data(result.output))
    }

    @Test func `says that nothing is missing, with the exit code too`() async throws {
        let archive = try await DamagedArchive()
        let result = try await archive.voxkeep("status", ["--json"], key: false)
        #expect(result.status == 0)
        let status = try status(result)
        #expect((status.expected, status.archived, status.quarantined, status.missing) == (5, 4, 1, 0))
        #expect((status.erased, status.pendingEntries) == (0, 0))
        #expect(status.copies.map(\.recordingsBehind) == [0])
        #expect(status.freeBytes ?? 0 > 0)
        let text = try await archive.voxkeep("status", key: false)
        #expect(text.text.contains("missing    0") && text.text.contains("all is there"))
        #expect(try await archive.voxkeep("status", ["--quiet"], key: false).output.isEmpty)
    }

    @Test func `names the oldest message that never arrived`() async throws {
        var model = SyncedPBX.mailboxes(messages: 2)
        model.deliver(
            to: "1001", folder: .inbox, date: "2026-01-05 08:00:00", caller: "9", length: 1, audio: [])
        let pbx = try await SyncedPBX(model)
        #expect(try await pbx.sync().status == 1)
        let result = try await Tool.voxkeep.run(["status", "--archive", pbx.archive, "--json"])
        #expect(result.status == 1)
        let status = try status(result)
        #expect((status.expected, status.archived, status.missing) == (3, 2, 1))
        #expect(
            status.oldestMissing?.extension == "1001" && status.oldestMissing?.date == "2026-01-05 08:00:00")
        let quiet = try await Tool.voxkeep.run(["status", "--archive", pbx.archive, "--quiet"])
        #expect(quiet.status == 1 && quiet.diagnostics.hasPrefix("Missing: 1; the oldest for extension 1001"))
    }

    @Test func `counts as under way what a sync is fetching, and as missing what a killed one was`()
        async throws
    {
        var model = SyncedPBX.mailboxes(messages: 4)
        model.deliver(
            to: "1001", folder: .inbox, date: "2026-01-05 08:00:00", caller: "9", length: 1, audio: [])
        let pbx = try await SyncedPBX(model)
        #expect(try await pbx.sync(["--extension", "1001"]).status == 1)
        func status() async throws -> (status: Int32, Status) {
            let result = try await Tool.voxkeep.run(["status", "--archive", pbx.archive, "--json"])
            return (result.status, try self.status(result))
        }
        var (code, standing) = try await status()
        #expect((code, standing.expected, standing.archived) == (1, 3, 2))
        #expect((standing.missing, standing.underWay) == (1, 0))

        // The message that never arrives is listed by now, and one more that is like one of those that did.
        await pbx.emulator.mutate { model in
            model.deliver(
                to: "1001", date: "2026-01-05 09:01:00", caller: "2001", length: 3,
                audio: SyncedPBX.audio(seed: 9))
        }
        let (isReached, reach) = AsyncStream.makeStream(of: Void.self)
        let victim = Mutex<RunningTool?>(nil)
        await pbx.emulator.onRequest { request, _ in
            guard request.endpoint == .random else { return }
            victim.withLock { $0?.signal(SIGSTOP) }
            reach.yield()
        }
        let running = try victim.withLock { victim in
            let running = try pbx.start(["--jobs", "1"])
            victim = running
            return running
        }
        for await _ in isReached { break }
        (code, standing) = try await status()
        #expect((code, standing.expected, standing.archived) == (1, 6, 2))
        #expect((standing.missing, standing.underWay) == (1, 3))
        #expect(standing.oldestMissing?.date == "2026-01-05 08:00:00")
        let text = try await Tool.voxkeep.run(["status", "--archive", pbx.archive])
        #expect(text.text.contains("under way  3; a sync is fetching them"), "\(text.text)")

        running.signal(SIGKILL)
        _ = await running.result()
        await pbx.emulator.onRequest(nil)
        (code, standing) = try await status()
        #expect((code, standing.missing, standing.underWay) == (1, 4, 0))
        try await pbx.emulator.stop()
    }

    @Test func `is content beside a sync that has yet to fetch all`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 3))
        let (isReached, reach) = AsyncStream.makeStream(of: Void.self)
        let victim = Mutex<RunningTool?>(nil)
        await pbx.emulator.onRequest { request, _ in
            guard request.endpoint == .random else { return }
            victim.withLock { $0?.signal(SIGSTOP) }
            reach.yield()
        }
        let running = try victim.withLock { victim in
            let running = try pbx.start(["--jobs", "1"])
            victim = running
            return running
        }
        for await _ in isReached { break }
        await pbx.emulator.onRequest(nil)
        let result = try await Tool.voxkeep.run(["status", "--archive", pbx.archive, "--json"])
        #expect(result.status == 0)
        let standing = try status(result)
        #expect((standing.missing, standing.underWay, standing.archived) == (0, 3, 0))
        running.signal(SIGCONT)
        #expect(await running.result().status == 0)
        let after = try status(
            try await Tool.voxkeep.run(["status", "--archive", pbx.archive, "--json"]))
        #expect((after.missing, after.underWay, after.archived) == (0, 0, 3))
        try await pbx.emulator.stop()
    }

    @Test func `tells what is not yet safe on a replica, which does not make the exit code`() async throws {
        let archive = try await DamagedArchive()
        #expect(try await archive.bash("mv replica away").status == 0)
        let gone = try await archive.voxkeep("status", ["--json"], key: false)
        #expect(gone.status == 0)
        #expect(try status(gone).copies.map(\.reached) == [false])
        let text = try await archive.voxkeep("status", key: false)
        #expect(text.text.contains("not reached; mount its disk, then run replicate"))
    }

    @Test(arguments: ["status", "verify", "replicate", "rebuild-catalog"])
    func `needs an archive, and makes none`(verb: String) async throws {
        let work = try Workspace()
        let missing = try await work.voxkeep(verb, "--archive", "nowhere")
        #expect(missing.status == 66 && missing.diagnostics.contains("There is no archive at"))
        try work.scratch.write("x".utf8, to: "other/file")
        #expect(try await work.voxkeep(verb, "--archive", "other").status == 66)
        #expect(try await work.voxkeep(verb, "--archive", "").status == 64)
        #expect(work.scratch.files() == ["other/file"])
    }

    @Test(arguments: ["rm -r archive/journal", "rm -r archive/journal archive/catalog.sqlite"])
    func `calls no archive empty that has lost its journal`(loss: String) async throws {
        let archive = try await DamagedArchive()
        #expect(try await archive.bash(loss).status == 0)
        let files =
            "find archive replica -type f ! -name lock ! -name 'catalog.sqlite-*' | sort | xargs sha256sum"
        let before = try await archive.bash(files).text
        let verbs = [
            "status", "list", "audit", "holds", "rebuild-catalog", "replicate --key-file log.key",
            "key show --key-file log.key", "hold --case 1 --reason r --all --key-file log.key",
            "export --format bagit --output bag",
        ]
        for verb in verbs {
            let result = try await archive.bash("\"$VOXKEEP\" \(verb) --archive archive")
            #expect(result.status == 66 && result.output.isEmpty, "\(verb): \(result.text)")
            #expect(result.diagnostics.contains("run "), "\(verb): \(result.diagnostics)")
        }
        #expect(try await archive.bash(files).text == before)
    }
}
