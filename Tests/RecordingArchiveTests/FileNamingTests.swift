import Foundation
import RecordingArchive
import Testing

struct FileNamingTests {
    private static let hostile = [
        "../../etc/x", "/etc/passwd", "..", ".", "", " ", "-rf", ".hidden", "a\nb", "a\0b", "a/b", "a\\b",
        "~root",
        "Ünïcödé", "電話", "🎙", "\u{202E}gpj.exe", String(repeating: "x", count: 300),
        String(repeating: "é", count: 300), "\"Ann\" <2000>", "+8613800000000", "a;rm -rf *", "$(x)", "C:",
        "con",
        "\u{1B}[31m", "a  b", "---", "...", "_", "x-", "\t",
    ]

    private func isSafe(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z0-9+_][A-Za-z0-9+._~-]*/) != nil && name.utf8.count <= 200
    }

    @Test(arguments: hostile)
    func `makes safe names of whatever a PBX sends`(text: String) {
        let identity = MessageIdentity(
            pbx: text, extension: text, listedDate: text, caller: text, listedLength: text)
        for date in [nil, text, "2020-01-02T18:00:00+08:00"] {
            let facts = RecordingFacts.sample(identity, date: date)
            #expect(isSafe(FileNaming.name(of: facts)), "\(FileNaming.name(of: facts))")
            let folders = FileNaming.folder(of: facts).split(separator: "/", omittingEmptySubsequences: false)
            #expect(folders.count == (date?.hasPrefix("2020") == true ? 4 : 2))
            #expect(folders.allSatisfy { isSafe(String($0)) }, "\(folders)")
        }
    }

    @Test func `knows the paths that a recording can have, and no others`() throws {
        let state = Recording.State.archived
        for date in ["2020-01-02T18:00:00Z", nil] {
            for pbx in ["office", "Zürich", "..", "/", "", String(repeating: "x", count: 300)] {
                var identity = MessageIdentity.sample
                identity.pbx = pbx
                let facts = RecordingFacts.sample(identity, date: date)
                let path = "\(FileNaming.folder(of: facts))/\(FileNaming.name(of: facts))"
                #expect(FileNaming.isConfined("recordings/\(path).flac", state))
                #expect(FileNaming.isConfined("quarantine/\(path)-12.wav", .quarantined))
                #expect(!FileNaming.isConfined("recordings/\(path).flac", .quarantined))
                #expect(!FileNaming.isConfined("quarantine/\(path).flac", state))
            }
        }
        for path in [
            "", "recordings", "../x/a.flac", "/recordings/a/undated/b.flac", "recordings/../x/a.flac",
            "recordings/a/../b.flac", "recordings//undated/b.flac", "recordings/./undated/b.flac",
            "recordings/a/undated/.flac", "recordings/a/undated/b.flac/", "recordings/a/undated/b.json",
            "recordings/a/undated/b\0.flac", "recordings/a/undated/b\n.flac", "recordings/a/b/undated/c.flac",
            "recordings/a/2020/../../c.flac", "incoming/a/undated/b.flac", "recordings/a/undated/é.flac",
            "recordings/a/undated/\(String(repeating: "x", count: 251)).flac", "recordings/a/b.flac",
        ] {
            #expect(!FileNaming.isConfined(path, state), "\(path)")
        }
    }

    @Test func `keeps different PBXs in different folders`() {
        let names =
            Self.hostile + ["office", "Office", "a-b", "etc-x", "pbx.example:8088", "pbx.example-8088"]
        #expect(Set(names.map(FileNaming.pbxFolder)).count == Set(names).count)
        #expect(FileNaming.pbxFolder("pbx.example") == "pbx.example")
        // printf pbx.example:8088 | sha256sum
        #expect(FileNaming.pbxFolder("pbx.example:8088") == "pbx.example-8088~0a259247a7d3b9a9")
        #expect(FileNaming.pbxFolder(FileNaming.pbxFolder("a/b")) != FileNaming.pbxFolder("a/b"))
    }

    @Test(
        arguments: [
            ("2020-01-02T18:00:00+08:00", "2020/01/02", "20200102-180000"),
            ("2020-01-02T18:00:00Z", "2020/01/02", "20200102-180000"),
            ("2020-02-29T23:59:59-12:00", "2020/02/29", "20200229-235959"),
            ("2019-02-29T00:00:00Z", nil, "undated"),
            ("2020-13-01T00:00:00Z", nil, "undated"), ("2020-00-01T00:00:00Z", nil, "undated"),
            ("2020-01-02T24:00:00Z", nil, "undated"), ("2020-01-02 18:00:00", nil, "undated"),
            ("2020-01-02T18:00:00", nil, "undated"), ("2020-01-02T18:00:00+99:00", nil, "undated"),
            ("２０２０-01-02T18:00:00Z", nil, "undated"),
        ] as [(String, String?, String)])
    func `files by the wall clock of the PBX`(date: String, folder: String?, name: String) {
        let facts = RecordingFacts.sample(date: date)
        #expect(FileNaming.folder(of: facts) == "office/" + (folder ?? "undated"))
        #expect(FileNaming.name(of: facts) == name + "_1000_from-2000_42s_41cf6794")
    }

    @Test(arguments: [("42", "_42s"), ("0", "_0s"), ("", ""), ("4x2", ""), ("-1", ""), ("99999999999", "")])
    func `names a length only where it is one`(length: String, part: String) {
        var identity = MessageIdentity.sample
        identity.listedLength = length
        #expect(FileNaming.name(of: .sample(identity)) == "20200102-180000_1000_from-2000\(part)_41cf6794")
    }

    @Test(arguments: [
        "1970-01-01T00:00:00Z", "0000-03-01T00:00:00Z", "1600-02-29T12:00:00Z", "1900-02-28T23:59:59+05:30",
        "2000-12-31T23:59:59-11:45", "2024-02-29T00:00:00+14:00", "9999-12-31T23:59:59Z",
    ])
    func `agrees with date on the seconds since 1970`(text: String) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["date", "-u", "-d", text, "+%s"]
        process.standardOutput = output
        try process.run()
        let printed = try #require(try output.fileHandleForReading.readToEnd())
        process.waitUntilExit()
        #expect(MessageDate(text).map { "\($0.unixSeconds)\n" } == String(decoding: printed, as: UTF8.self))
    }
}
