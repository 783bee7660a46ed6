import Foundation
import PBXEmulator
import TestSupport
import Testing

/// Has checkpoints stamped by an authority of openssl's, and replaces keys.
struct AnchorTests {
    /// A shell command that takes a query and prints the authority's answer.
    private func openssl(_ authority: LocalTimestampAuthority) -> String {
        "(cd \(authority.folder.path) && openssl ts -reply -config openssl.cnf -queryfile /dev/stdin "
            + "-inkey signer.key -signer signer.pem 2>/dev/null)"
    }

    @Test func `keeps a stamp that openssl verifies over the checkpoint`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let authority = try await LocalTimestampAuthority()
        let root = authority.folder.path("root.pem")
        let result = try await archive.voxkeep(
            "anchor", "--tsa-ca", root, "--through", openssl(authority))
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.text.contains("entries stamped at 20"))
        let verified = try await archive.bash(
            """
            cd archive/anchors
            for stamp in *.tsr; do
                openssl ts -verify -data ${stamp%.tsr}.checkpoint -in $stamp -CAfile \(root) || exit
            done
            """)
        #expect(verified.status == 0, "\(verified.diagnostics)")
        #expect(try archive.lines().last?.contains(#""event":"anchor""#) == true)
    }

    @Test func `finds a stamp that was changed, and a file that is none`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let authority = try await LocalTimestampAuthority()
        let result = try await archive.voxkeep(
            "anchor", "--tsa-ca", authority.folder.path("root.pem"), "--through", openssl(authority))
        try #require(result.status == 0, "\(result.diagnostics)")
        let sound = try await archive.voxkeep("verify")
        #expect(sound.status == 0, "\(sound.text)\(sound.diagnostics)")
        #expect(sound.diagnostics.contains("1 sound time stamp, the newest of 20"), "\(sound.diagnostics)")
        try archive.scratch.write(Array("x".utf8), to: "archive/anchors/0.tsr")
        let change = try await archive.bash(
            "cd archive/anchors; truncate -s -3 $(ls *-*.tsr)")
        try #require(change.status == 0)
        let damaged = try await archive.voxkeep("verify", "--json")
        #expect(damaged.status == 1)
        #expect(damaged.text.contains(#""kind":"anchor.invalid""#), "\(damaged.text)")
        #expect(damaged.text.contains(#""kind":"file.stray""#), "\(damaged.text)")
    }

    @Test func `finds files of anchors that are gone, and brings them back from the other copy`() async throws
    {
        for place in ["archive", "replica"] {
            for name in ["anchors/*.checkpoint", "anchors/*.tsr"] {
                let archive = try await HostileArchive()
                let path = try archive.find("\(place)/\(name)")
                let bytes = archive.scratch.bytes(path)
                try FileManager.default.removeItem(atPath: archive.scratch(path))
                let found = try await archive.voxkeep(["verify", "--json"])
                #expect(found.status == 1)
                #expect(
                    found.lines.count == 2 && found.text.contains(#""kind":"anchor.invalid""#),
                    "\(found.text)")
                #expect(found.text.contains("\(path) is missing"))
                let repaired = try await archive.voxkeep(["verify", "--repair", "--key-file", "log.key"])
                #expect(repaired.status == 0, "\(repaired.text)\(repaired.diagnostics)")
                #expect(archive.scratch.bytes(path) == bytes)
            }
        }
    }

    @Test func `takes an answer that comes later, once`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let authority = try await LocalTimestampAuthority()
        #expect(try await archive.voxkeep("anchor", "--query", "q.tsq").status == 0)
        let answer = try await archive.bash("\(openssl(authority)) < q.tsq > q.tsr")
        try #require(answer.status == 0)
        // The log goes on meanwhile.
        #expect(try await archive.voxkeep("prove", try #require(try archive.ids().first)).status == 0)
        let first = try await archive.voxkeep("anchor", "--answer", "q.tsr")
        #expect(first.status == 0, "\(first.diagnostics)")
        #expect(first.diagnostics.contains("nothing says who that authority is"))
        let again = try await archive.voxkeep("anchor", "--answer", "q.tsr")
        #expect(again.status == 66)
        #expect(again.diagnostics.contains("none of the archive's queries"))
    }

    @Test func `takes no answer of a stranger, and none that is no answer`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let (authority, stranger) = (
            try await LocalTimestampAuthority(), try await LocalTimestampAuthority()
        )
        let foreign = try await archive.voxkeep(
            "anchor", "--tsa-ca", authority.folder.path("root.pem"), "--through", openssl(stranger))
        #expect(foreign.status == 66)
        for (program, words) in [("cat", "not in the form"), ("true", "nothing"), ("false", "status 1")] {
            let result = try await archive.voxkeep("anchor", "--through", program)
            #expect(result.status == 66)
            #expect(result.diagnostics.contains(words), "\(result.diagnostics)")
        }
        #expect(!archive.scratch.files().contains { $0.hasSuffix(".tsr") })
    }

    @Test func `goes on with a new key that the old one vouches for`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let rotated = try await archive.voxkeep("key", "rotate", "--reason", "yearly")
        #expect(rotated.status == 0, "\(rotated.diagnostics)")
        #expect(rotated.lines.count == 2)
        let key = try #require(rotated.lines.last)
        #expect(try archive.lines().last?.contains(#""new":"\#(key)""#) == true)
        await archive.pbx.emulator.mutate { model in
            model.deliver(
                to: "1000", folder: .inbox, date: "2026-02-01 09:00:00", caller: "2009", length: 1,
                audio: SyncedPBX.audio(seed: 9))
        }
        let sync = try await archive.pbx.sync()
        #expect(sync.status == 0, "\(sync.diagnostics)")
        let keyID = try #require(key.split(separator: "+").dropFirst().first)
        let checkpoint = try #require(archive.scratch.text("archive/log/checkpoint"))
        let signature = try #require(checkpoint.split(separator: " ").last?.dropLast())
        let bytes = try #require(Data(base64Encoded: String(signature)))
        #expect(bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == keyID)
    }

    @Test func `keeps the key outside of the archive, for its owner alone`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let shown = try await archive.voxkeep("key", "show", "--json")
        #expect(shown.status == 0)
        let modes = try await archive.bash("stat -c '%a %n' configuration/voxkeep/*.key")
        #expect(modes.lines.count == 1)
        #expect(modes.text.hasPrefix("600 "))
        #expect(try await archive.bash("grep -rl 'PRIVATE' archive").status == 1)
        let again = try await archive.bash(#""$VOXKEEP" init archive"#)
        #expect(again.status == 66)
        #expect(again.diagnostics.contains("There is an archive at"))
    }

    @Test func `refuses to write without its key, and reads all the same`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        #expect(try await archive.bash("mv configuration elsewhere").status == 0)
        let sync = try await archive.pbx.sync()
        #expect(sync.status == 73)
        #expect(sync.diagnostics.contains("There is no key at"), "\(sync.diagnostics)")
        #expect(try await archive.voxkeep("list").status == 0)
        let lost = try await archive.voxkeep("key", "rotate", "--lost", "--reason", "the disk is gone")
        #expect(lost.status == 0, "\(lost.diagnostics)")
        #expect(try await archive.pbx.sync().status == 0)
    }
}
