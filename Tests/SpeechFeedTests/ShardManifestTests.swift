import TestSupport
import Testing

@testable import SpeechFeed

@Suite struct ShardManifestTests {
    private let names = ["a", "b", "c"]

    private func shards(_ size: Int64, audio: Int = 1000) throws -> MemoryFiles {
        let recordings = names.map { CorpusRecording.sample($0) { $0.size = Int64(audio) } }
        return try MemoryFiles.written(
            .webdataset, recordings, settings: CorpusSettings(hasTranscripts: true, shardSize: size),
            audio: [UInt8](repeating: 7, count: audio))
    }

    @Test func `GNU tar makes the same bytes of the same files`() async throws {
        let scratch = try ScratchFolder()
        let files = try shards(1 << 20)
        #expect(files.contents.keys.sorted() == ["shard-000000.tar"])
        try scratch.write(files.contents["shard-000000.tar"] ?? [], to: "ours.tar")
        let script = """
            mkdir x && cd x && tar -xf ../ours.tar && tar -tf ../ours.tar > ../list && \
            tar -cf ../theirs.tar --format=ustar --numeric-owner --owner=0 --group=0 --mode=0644 \
            --mtime=@0 -T ../list && cmp ../ours.tar ../theirs.tar && cat ../list
            """
        let result = try await Tool("sh").run(["-c", script], folder: scratch.path)
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.lines == names.flatMap { ["\($0).flac", "\($0).json", "\($0).txt"] })
    }

    @Test func `Python's tarfile reads every byte of it`() async throws {
        let scratch = try ScratchFolder()
        try scratch.write(try shards(1 << 20).contents["shard-000000.tar"] ?? [], to: "ours.tar")
        let script = """
            import sys, tarfile
            for member in tarfile.open(sys.argv[1]):
                content = tarfile.open(sys.argv[1]).extractfile(member).read()
                kept = member.name, member.size, member.mtime, member.uid, oct(member.mode)
                print(*kept, set(content) == {7})
            """
        let result = try await Tool.python.run(["-c", script, scratch("ours.tar")])
        #expect(result.lines.first == "a.flac 1000 0 0 0o644 True")
        #expect(result.lines.count == 9)
    }

    @Test(arguments: [512, 1024, 9216, 10239, 10240])
    func `is no longer than it may be, unless one sample is`(audio: Int) throws {
        for size: Int64 in [1, 20480, 30720] {
            let files = try shards(size, audio: audio)
            for (_, bytes) in files.contents where Int64(bytes.count) > size {
                #expect(bytes.count <= 20480, "one sample")
            }
            #expect(files.contents.values.allSatisfy { $0.count % 10240 == 0 })
        }
    }

    @Test func `refuses audio of another length, a long name and more than 8 GiB`() throws {
        #expect(throws: CorpusFormatError.wrongSize(id: "r", expected: 5, found: 3)) {
            try MemoryFiles.written(.webdataset, [.sample { $0.size = 5 }], audio: [1, 2, 3])
        }
        #expect(throws: CorpusFormatError.wrongSize(id: "r", expected: 2, found: 3)) {
            try MemoryFiles.written(.webdataset, [.sample { $0.size = 2 }], audio: [1, 2, 3])
        }
        let long = String(repeating: "a", count: 96)
        #expect(throws: CorpusFormatError.nameTooLong(name: long + ".flac")) {
            try MemoryFiles.written(.webdataset, [.sample(long)])
        }
        #expect(throws: CorpusFormatError.tooLarge(name: "r.flac", size: 1 << 33)) {
            try MemoryFiles.written(.webdataset, [.sample { $0.size = 1 << 33 }])
        }
    }
}
