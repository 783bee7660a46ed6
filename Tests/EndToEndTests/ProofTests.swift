import Foundation
import TestSupport
import Testing

/// Checks archives and proofs with the commands and the program in docs/verify-without-voxkeep.md, which share no code
/// with ours.
struct ProofTests {
    private static let document: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return try? String(
            contentsOf: root.appending(path: "docs/verify-without-voxkeep.md"), encoding: .utf8)
    }()

    private static func blocks(_ language: String) throws -> [String] {
        let document = try #require(document)
        return document.split(separator: "```\(language)\n").dropFirst().map {
            String($0.prefix(upTo: $0.range(of: "\n```")?.lowerBound ?? $0.endIndex)) + "\n"
        }
    }

    /// Runs the document's program on a folder.
    private func check(_ archive: SyncedArchive, _ arguments: String...) async throws -> ToolResult {
        let program = try #require(try Self.blocks("python").first)
        try archive.scratch.write(Array(program.utf8), to: "check.py")
        return try await Tool.python.run(
            [archive.scratch.path("check.py")] + arguments, folder: archive.scratch.path)
    }

    @Test func `makes an archive that the document's program finds whole`() async throws {
        let archive = try await SyncedArchive()
        let result = try await check(archive, "archive", "archive/verifier-keys.txt")
        #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        #expect(result.lines.contains("All of this holds."))
        let sums = try await archive.bash(
            "find archive/recordings -name manifest-sha256.txt -execdir sha256sum --check {} \\;")
        #expect(sums.status == 0)
        #expect(sums.lines.count == 3 && sums.lines.allSatisfy { $0.hasSuffix(".flac: OK") }, "\(sums.text)")
    }

    @Test func `keeps answers that the document's program finds to be those of the log`() async throws {
        let archive = try await SyncedArchive()
        let hook =
            #"echo '{"text": "é 7", "p": [0.00001, 1e-9, -2.5e-7, 1e22, 1e20, 0.1, 5.0], "\u007f": {"b": 1}}'"#
        let asked = try await archive.voxkeep("export", "--hook", hook, "--hook-name", "odd")
        #expect(asked.status == 0, "\(asked.diagnostics)")
        #expect(asked.text.contains("3 recordings answered"))
        let whole = try await check(archive, "archive")
        #expect(whole.lines.contains("All of this holds."), "\(whole.text)\(whole.diagnostics)")
        let change = try await archive.bash(
            """
            file=$(ls archive/recordings/test/2026/01/05/*_1001_*.json)
            chmod u+w "$file" && sed -i 's/é 7/é 8/' "$file"
            """)
        try #require(change.status == 0)
        let changed = try await check(archive, "archive")
        #expect(changed.status == 1)
        #expect(changed.text.contains("what odd answered about"), "\(changed.text)")
        #expect(try await archive.voxkeep("verify").text.contains("sidecar.altered"))
    }

    @Test(arguments: [
        ("archive/recordings/test/2026/01/05/*_1000_*.flac", "is missing or was changed"),
        ("archive/recordings/test/2026/01/05/*_1000_*.json", "was changed"),
        ("archive/journal/000000.jsonl", "of the journal"),
        ("archive/log/tile/entries/000.p/*", "do not lead to the signed root"),
        ("archive/log/checkpoint", "has signed the checkpoint"),
    ])
    func `makes an archive in which the document's program finds a changed file`(
        file: String, finding: String
    ) async throws {
        let archive = try await SyncedArchive()
        // A digit, so that JSON stays JSON.
        let change = try await archive.bash(
            """
            for file in \(file); do chmod u+w $file; done
            python3 - \(file) <<'END'
            import re, sys
            path = sys.argv[-1]
            data = bytearray(open(path, "rb").read())
            places = [match.start() for match in re.finditer(rb"[0-8]", data)]
            data[places[len(places) // 2]] += 1
            open(path, "wb").write(data)
            END
            """)
        try #require(change.status == 0, "\(change.diagnostics)")
        let result = try await check(archive, "archive")
        #expect(result.status == 1)
        #expect(result.text.contains(finding), "\(result.text)\(result.diagnostics)")
    }

    /// Puts each of some things in the place of each of some files, and prints where the document's program then does not
    /// end with 1, after at least one line of what is wrong, and without a traceback.
    private static let damages = #"""
        sidecar=$(cd archive && ls recordings/*/*/*/*/*.json | head -n 1)
        bundle=$(cd archive && ls -d log/tile/entries/000.p/* | tail -n 1)
        for place in "archive/$sidecar" "archive/${sidecar%json}flac" archive/journal/000000.jsonl \
            archive/log/checkpoint "archive/$bundle" archive/verifier-keys.txt archive/journal archive/recordings \
            archive/log proof/entry.json proof/entry.tlog-proof proof/recording.flac proof/salt.txt; do
            folder=${place%%/*}; file=damaged/${place#*/}
            for thing in empty bytes list nested object huge pipe folder link missing; do
                rm -rf damaged; cp -a $folder damaged; chmod -R u+w damaged; rm -r "$file"
                case $thing in
                    empty) : > "$file" ;;
                    bytes) printf '\377\376{\n\n\0\342\200' > "$file" ;;
                    list) echo '[]' > "$file" ;;
                    nested) head -c 100000 /dev/zero | tr '\0' '[' > "$file" ;;
                    object) echo '{"id":[],"details":7,"entry":{},"type":{}}' > "$file" ;;
                    huge) truncate -s 1T "$file" ;;
                    pipe) mkfifo "$file" ;;
                    folder) mkdir "$file" ;;
                    link) ln -s /etc/hostname "$file" ;;
                esac
                timeout 60 /usr/bin/python3 check.py damaged archive/verifier-keys.txt > out 2> err; status=$?
                # The keys are given, so those in the archive are not read.
                [ $place = archive/verifier-keys.txt ] && { /usr/bin/python3 check.py damaged > out 2> err; status=$?; }
                [ $status = 1 ] && grep -q '^PROBLEM: ' out && [ ! -s err ] ||
                    echo "$place, $thing: $status $(tail -n 1 err)"
            done
        done
        """#

    @Test func `makes nothing of which the document's program cannot tell what is wrong`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let id = try #require(try archive.ids().first)
        let proved = try await archive.voxkeep("prove", id, "--output", "proof")
        #expect(proved.status == 0, "\(proved.diagnostics)")
        for folder in ["archive", "proof"] {
            let whole = try await check(archive, folder, "archive/verifier-keys.txt")
            #expect(whole.status == 0, "\(whole.text)\(whole.diagnostics)")
        }
        let result = try await archive.bash(Self.damages)
        #expect(result.text.isEmpty, "\(result.text)\(result.diagnostics)")
    }

    @Test func `proves a recording to the document's commands`() async throws {
        let archive = try await SyncedArchive()
        let id = try #require(try archive.ids().first)
        let proved = try await archive.voxkeep("prove", id, "--output", "proof")
        #expect(proved.status == 0, "\(proved.diagnostics)")
        let commands = try Self.blocks("sh").prefix(5)
        let result = try await archive.bash(
            "cd proof\n" + commands.filter { !$0.contains("restore.py") }.joined(separator: "echo --\n"))
        #expect(result.status == 0, "\(result.text)\(result.diagnostics)")
        let parts = result.text.split(separator: "--\n").map { $0.split(separator: "\n") }
        try #require(parts.count == 4, "\(result.text)")
        for part in parts.prefix(2) {
            #expect(part.count == 2)
            #expect(try #require(part.last).contains(try #require(part.first?.prefix(64))), "\(part)")
        }
        #expect(parts[2] == ["Signature Verified Successfully"])
        for arguments in [["proof"], ["proof", "archive/verifier-keys.txt"]] {
            let checked = try await check(archive, arguments[0], arguments.last ?? "")
            #expect(arguments.count == 1 || checked.status == 0, "\(checked.text)\(checked.diagnostics)")
        }
        #expect(try archive.lines().last?.contains(#""event":"read","how":"prove""#) == true)
    }

    @Test func `refuses to prove what it has not, and to write over a folder`() async throws {
        let archive = try await SyncedArchive(messages: 1)
        let id = try #require(try archive.ids().first)
        let unknown = try await archive.voxkeep("prove", String(repeating: "0", count: 32))
        #expect(unknown.status == 66)
        #expect(unknown.diagnostics.contains("has no recording"))
        try archive.scratch.write(Array("mine".utf8), to: "proof/notes.txt")
        let taken = try await archive.voxkeep("prove", id, "--output", "proof")
        #expect(taken.status == 73)
        #expect(archive.scratch.text("proof/notes.txt") == "mine")
    }

    @Test(arguments: [
        ("chmod u+w $f && printf X | dd of=$f bs=1 seek=99 conv=notrunc status=none", 1 as Int32),
        ("rm $f && mkfifo $f", 66), ("rm $f", 66),
    ])
    func `proves no file but the one that was stored`(damage: String, status: Int32) async throws {
        let archive = try await SyncedArchive(messages: 1)
        let id = try #require(try archive.ids().first)
        let change = try await archive.bash("f=$(ls $PWD/archive/recordings/*/*/*/*/*.flac) && " + damage)
        #expect(change.status == 0, "\(change.diagnostics)")
        let result = try await archive.voxkeep("prove", id, "--output", "proof")
        #expect(result.status == status, "\(result.diagnostics)")
        #expect(archive.scratch.text("proof/entry.json") == nil)
    }
}
