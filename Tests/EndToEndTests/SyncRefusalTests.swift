import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite(.serialized) struct SyncRefusalTests {
    private func run(
        _ pbx: SyncedPBX, _ extra: [String] = [], password: String? = SyncedPBX.password
    ) async throws -> ToolResult {
        try pbx.makeArchive()
        return try await Tool.voxkeep.run(
            pbx.arguments(extra),
            environment: pbx.environment.merging(["VOXKEEP_PBX_PASSWORD": password ?? ""]) { $1 })
    }

    private func run(_ arguments: [String], folder: ScratchFolder) async throws -> ToolResult {
        try await Tool.voxkeep.run(
            arguments,
            environment: [
                "VOXKEEP_PBX_PASSWORD": SyncedPBX.password, "XDG_CONFIG_HOME": folder.path("configuration"),
            ])
    }

    @Test func `never repeats a refused login`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        let result = try await run(pbx, password: "wrong")
        #expect(result.status == 77)
        #expect(result.diagnostics.contains("refused the login"), "\(result.diagnostics)")
        #expect(await pbx.requests(.login) == 1)
        for _ in 0..<4 { _ = try await run(pbx, password: "wrong") }
        let locked = try await run(pbx)
        #expect(locked.status == 77)
        #expect(locked.diagnostics.contains("locked this machine out until 20"), "\(locked.diagnostics)")
        try await Task.sleep(for: .seconds(1.1))
        #expect(try await run(pbx).diagnostics == locked.diagnostics)
        try await pbx.emulator.stop()
    }

    @Test func `wants a password from the environment or a file`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        let none = try await run(pbx, password: nil)
        #expect(none.status == 64)
        #expect(none.diagnostics.contains("VOXKEEP_PBX_PASSWORD"))
        let file = try pbx.scratch.write(Array("\(SyncedPBX.password)\n".utf8), to: "password")
        let open = try await run(pbx, ["--password-file", file], password: nil)
        #expect(open.status == 66)
        #expect(open.diagnostics.contains("has mode 644"), "\(open.diagnostics)")
        #expect(open.diagnostics.contains("run: chmod 600"), "\(open.diagnostics)")
        #expect(chmod(file, 0o600) == 0)
        #expect(try await run(pbx, ["--password-file", file], password: nil).status == 0)
        #expect(try await run(pbx, ["--password-file", file + "x"], password: nil).status == 66)
        let asArgument = try await run(pbx, ["--password", SyncedPBX.password])
        #expect(asArgument.status == 64)
        try await pbx.emulator.stop()
    }

    @Test func `says that a PBX cannot be reached`() async throws {
        let scratch = try ScratchFolder()
        let arguments = ["sync", "--username", "api", "--archive", scratch.path("archive"), "--pbx-url"]
        #expect(try await run(["init", scratch.path("archive")], folder: scratch).status == 0)
        let nobody = try await run(arguments + ["http://127.0.0.1:1"], folder: scratch)
        #expect(nobody.status == 69)
        #expect(
            nobody.diagnostics.contains("cannot be reached (Connection refused): check"),
            "\(nobody.diagnostics)")
        #expect(!nobody.diagnostics.contains("listed"), "\(nobody.diagnostics)")
        let nonsense = try await run(arguments + ["ftp://127.0.0.1"], folder: scratch)
        #expect(nonsense.status == 64)
    }

    @Test func `tells a PBX that refuses from messages that failed`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        let unknown = try await run(pbx, ["--extension", "9999"])
        #expect(unknown.status == 66)
        #expect(unknown.diagnostics.contains("10006"), "\(unknown.diagnostics)")
        await pbx.emulator.inject(EmulatorFault(.error, .query, value: 10003))
        let refused = try await run(pbx)
        #expect(refused.status == 69)
        #expect(refused.diagnostics.contains("try another API version"), "\(refused.diagnostics)")
        try await pbx.emulator.stop()
    }

    @Test func `names the URL to use when a POST is redirected`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1)) {
            $0.certificate = .selfSigned
            $0.redirectPort = 0
        }
        let port = try #require(pbx.emulator.redirectPort)
        var arguments = pbx.arguments()
        arguments[2] = "http://127.0.0.1:\(port)"
        try pbx.makeArchive()
        let result = try await run(arguments, folder: pbx.scratch)
        #expect(result.status == 69)
        #expect(
            result.diagnostics.contains("use https://127.0.0.1:\(pbx.emulator.port)"), "\(result.diagnostics)"
        )
        try await pbx.emulator.stop()
    }

    @Test func `trusts a self-signed certificate only by pin, file or insistence`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1)) { $0.certificate = .selfSigned }
        let untrusted = try await run(pbx)
        #expect(untrusted.status == 69)
        #expect(untrusted.diagnostics.contains("--pin-sha256"), "\(untrusted.diagnostics)")
        #expect(await pbx.requests(.login) == 0)

        let fingerprint = try #require(pbx.emulator.certificateFingerprint)
        #expect(try await run(pbx, ["--pin-sha256", fingerprint]).status == 0)
        let flipped = (fingerprint.first == "0" ? "1" : "0") + fingerprint.dropFirst()
        #expect(try await run(pbx, ["--pin-sha256", flipped]).status == 69)

        let certificate = try #require(pbx.emulator.certificatePEM)
        let file = try pbx.scratch.write(Array(certificate.utf8), to: "ca.pem")
        #expect(try await run(pbx, ["--ca-file", file]).status == 0)

        let insecure = try await run(pbx, ["--insecure"])
        #expect(insecure.status == 0)
        #expect(insecure.diagnostics.contains("WARNING"))
        try await pbx.emulator.stop()
    }

    @Test func `lets one process at a time write to an archive`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 2)) {
            $0.faults.add(EmulatorFault(.slow, .query, value: 2500, count: 1))
        }
        let first = try pbx.start()
        while await pbx.requests(.login) == 0 { try await Task.sleep(for: .milliseconds(20)) }
        let second = try await pbx.sync()
        #expect(second.status == 73)
        #expect(
            second.diagnostics.contains("in use by process \(first.processIdentifier)"),
            "\(second.diagnostics)")
        let result = await first.result()
        #expect(result.status == 0, "\(result.diagnostics)")
        try await pbx.emulator.stop()
    }

    @Test func `writes into no folder that is something else`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        try pbx.scratch.write([1], to: "archive/somebody's file")
        let result = try await pbx.sync()
        #expect(result.status == 66)
        #expect(result.diagnostics.contains("is no archive"), "\(result.diagnostics)")
        #expect(pbx.scratch.files() == ["archive/somebody's file"])
        try await pbx.emulator.stop()
    }

    @Test func `sends the allowed address as asked`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        #expect(try await pbx.sync(["--allowed-ip", "127.0.0.1"]).status == 0)
        let bad = try await pbx.sync(["--allowed-ip", "not an address"])
        #expect(bad.status == 64)
        let sent = await pbx.emulator.requestLog.filter { $0.request.endpoint == .random }
            .map { $0.request.parameters["allowedip"] }
        #expect(sent == ["127.0.0.1"])
        try await pbx.emulator.stop()
    }

    @Test(arguments: ["v0.0.1", "v1.0.6", "v1.1.0", "v2.0.0"])
    func `speaks every dialect`(version: String) async throws {
        let mailboxes = SyncedPBX.mailboxes(messages: 2)
        let pbx = try await SyncedPBX(mailboxes) { $0.tolerance = .missingStatus }
        #expect(try await pbx.sync(["--api-version", version]).status == 0)
        try await pbx.expectEachOnce(mailboxes)
        try await pbx.emulator.stop()
    }

    @Test(arguments: EmulatedFamily.allCases)
    func `speaks every family, named or found out`(family: EmulatedFamily) async throws {
        for arguments in [["--pbx-family", family.rawValue], []] {
            let mailboxes = SyncedPBX.mailboxes(messages: 2)
            let pbx = try await SyncedPBX(mailboxes) { $0.families = [family] }
            let result = try await pbx.sync(arguments)
            #expect(result.status == 0, "\(result.diagnostics)")
            try await pbx.expectEachOnce(mailboxes)
            try await pbx.emulator.stop()
        }
    }

    @Test
    func `sends an OpenVox one wrong password a run, so that the fifth run is the one that is locked out`()
        async throws
    {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1)) { $0.families = [.openVox] }
        for run in 1...5 {
            let result =
                try await run == 1
                ? self.run(pbx, ["--pbx-family", "openvox"], password: "wrong")
                : self.run(pbx, password: "wrong")
            #expect(result.status == 77)
            #expect(result.diagnostics.contains("with code 30003"), "\(result.diagnostics)")
            #expect(await pbx.requests(.login) == run)
        }
        #expect(try await self.run(pbx).diagnostics.contains("has locked this machine out"))
        try await pbx.emulator.stop()
    }

    @Test func `gives a box up that fails at each of its messages`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 40)) {
            $0.faults.add(EmulatorFault(.gatewayTimeout, .download, count: nil))
        }
        let result = try await pbx.sync(["--give-up-after", "1s"])
        #expect(result.status == 69, "\(result.diagnostics)")
        #expect(result.diagnostics.contains("(the last: HTTP status 504)"), "\(result.diagnostics)")
        try await pbx.emulator.stop()
    }

    @Test(arguments: [
        ["--give-up-after", "0"], ["--answer-timeout", "soon"], ["--message-timeout", "25h"],
        ["--min-rate", "-1"],
    ])
    func `refuses a limit that makes no sense`(arguments: [String]) async throws {
        let scratch = try ScratchFolder()
        let result = try await run(
            ["sync", "--username", "a", "--archive", scratch.path("a"), "--pbx-url", "http://127.0.0.1:1"]
                + arguments, folder: scratch)
        #expect(result.status == 64, "\(result.diagnostics)")
    }

    @Test func `refuses a family that there is none of`() async throws {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1))
        let result = try await pbx.sync(["--pbx-family", "siemens"])
        #expect(result.status == 64)
        #expect(result.diagnostics.contains("use openvox, yeastar-v1 or yeastar-v2"))
        try await pbx.emulator.stop()
    }
}
