import Foundation
import TestSupport
import Testing

@Suite struct ReplicateTests {
    @Test func `copies everything, reads it back, and remembers the replica`() async throws {
        let archive = try await DamagedArchive(replica: false)
        let first = try await archive.voxkeep("replicate", ["--replica", "a", "--replica", "b/c"])
        #expect(first.status == 0)
        #expect(first.diagnostics.components(separatedBy: "5 recordings copied and read back").count == 3)
        for replica in ["a", "b/c"] {
            let same = try await archive.bash(
                "diff -r archive \(replica) | grep -v '^Only in archive: \\(catalog.sqlite\\|lock\\|reserve\\)$' | grep -v ': lock$' || true"
            )
            #expect(same.text.isEmpty, "\(same.text)")
        }
        let again = try await archive.voxkeep("replicate")
        #expect(again.diagnostics.contains("0 recordings copied"))
        #expect(try await archive.findings() == (0, []))
    }

    @Test func `catches up after an outage, and never fills an empty mount point`() async throws {
        let archive = try await DamagedArchive()
        #expect(try await archive.bash("mv replica away; mkdir replica").status == 0)
        let gone = try await archive.voxkeep("replicate")
        #expect(gone.status == 1)
        #expect(gone.diagnostics.contains("is not there; mount its disk, then run replicate"))
        #expect(try await archive.bash("ls -A replica").text.isEmpty)
        #expect(try await archive.bash("rmdir replica; mv away replica").status == 0)
        #expect(try await archive.voxkeep("replicate").status == 0)
        #expect(try await archive.findings() == (0, []))
    }

    @Test func `refuses a replica that looks like another one`() async throws {
        let archive = try await DamagedArchive(replica: false)
        #expect(try await archive.voxkeep("replicate", ["--replica", "B\u{FC}ro"]).status == 0)
        #expect(try await archive.voxkeep("replicate", ["--replica", "B\u{FC}ro"]).status == 0)
        let other = try await archive.voxkeep("replicate", ["--replica", "Bu\u{308}ro"])
        #expect(other.status == 77)
        #expect(
            other.diagnostics.contains("only the encoding of its letters differs"), "\(other.diagnostics)")
    }

    @Test func `copies past a file that is damaged, and says so`() async throws {
        let archive = try await DamagedArchive(replica: false)
        #expect(try await archive.bash("flip $flac -100").status == 0)
        let result = try await archive.voxkeep("replicate", ["--replica", "replica"])
        #expect(result.status == 1)
        #expect(result.diagnostics.contains("has other bytes than were stored and was not copied"))
        #expect(result.diagnostics.contains("4 recordings copied"))
        #expect(try await archive.findings() == (1, ["@replica.behind", "file.altered"]))
        // It stays told, and is copied once it is whole.
        let again = try await archive.voxkeep("replicate")
        #expect(again.status == 1)
        #expect(try await archive.bash("flip $flac -100").status == 0)
        #expect(try await archive.voxkeep("replicate").status == 0)
        #expect(try await archive.findings() == (0, []))
    }

    @Test(
        arguments: [
            ("archive/x", 77, "one lies within the other"), ("archive", 77, "one lies within the other"),
            (".", 77, "one lies within the other"), ("link", 77, "one lies within the other"),
            ("full", 66, "holds other files"), ("foreign", 73, "is a replica of another archive"),
            ("file", 73, "is a file where a folder is needed"), ("", 64, "not an empty name"),
        ] as [(String, Int32, String)])
    func `refuses a folder that is no place for a replica`(
        folder: String, status: Int32, sentence: String
    ) async throws {
        let archive = try await DamagedArchive(replica: false)
        let set = try await archive.bash(
            """
            ln -s archive/recordings link; mkdir full foreign; touch full/x file
            sed 's/"id" : "./"id" : "z/' archive/archive.json > foreign/archive.json
            """)
        #expect(set.status == 0, "\(set.diagnostics)")
        let result = try await archive.voxkeep("replicate", ["--replica", folder])
        #expect(result.status == status, "\(result.diagnostics)")
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
        #expect(try await archive.bash("ls archive").text.contains("x\n") == false)
    }

    @Test func `takes no second mount of the archive for a copy`() async throws {
        guard Machine.canMount else { return }
        let archive = try await DamagedArchive()
        let result = try await archive.bash(
            """
            mkdir within around
            unshare --map-root-user --mount bash -c '
                mount --bind archive/recordings within; mount --bind . around
                for folder in within around/archive around/archive/x around/replica/x; do
                    "$VOXKEEP" replicate --archive archive --key-file log.key --replica $folder; echo $?
                done
                mount --bind archive replica
                "$VOXKEEP" replicate --archive archive --key-file log.key; echo $?
                "$VOXKEEP" verify --archive archive --key-file log.key; echo $?
                umount replica
                "$VOXKEEP" replicate --archive archive --key-file log.key --replica around/replica; echo $?'
            """)
        #expect(
            result.lines.filter { Int($0) != nil } == ["77", "77", "77", "77", "1", "1", "0"],
            "\(result.text)\(result.diagnostics)")
        #expect(result.diagnostics.components(separatedBy: "one lies within the other").count > 5)
        #expect(try await archive.findings() == (0, []))
    }

    @Test func `says when the disk of a replica is full, and completes it when there is room`() async throws {
        guard Machine.canMount else { return }
        let archive = try await DamagedArchive(replica: false)
        let result = try await archive.bash(
            """
            mkdir disk
            unshare --map-root-user --mount bash -c '
                mount -t tmpfs -o size=64k none disk
                "$VOXKEEP" replicate --archive archive --key-file log.key --replica disk/r; echo $?
                mount -o remount,size=64m disk
                "$VOXKEEP" replicate --archive archive --key-file log.key; echo $?
                "$VOXKEEP" verify --archive archive --key-file log.key; echo $?'
            """)
        #expect(
            result.lines.filter { $0.count == 1 } == ["1", "0", "0"], "\(result.text)\(result.diagnostics)")
        #expect(result.diagnostics.contains("the disk is full"))
    }
}
