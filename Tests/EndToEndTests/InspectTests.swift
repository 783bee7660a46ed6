import Foundation
import PBXEmulator
import TestSupport
import Testing

@Suite struct InspectTests {
    private let work: Workspace

    init() throws {
        work = try Workspace()
    }

    @Test func `shows facts, findings with their offsets, levels and the waveform in 80 columns`()
        async throws
    {
        let bytes = try work.wave("whole.wav", seconds: 2)
        try work.scratch.write(DamagedWave.truncated.applied(to: bytes), to: "cut.wav")
        let result = try await work.voxkeep("inspect", "cut.wav")
        #expect(result.status == 1)
        #expect(result.lines.first == "cut.wav  salvaged")
        #expect(result.lines.allSatisfy { $0.count <= 80 })
        for text in [
            "RIFF pcm_s16le, 8000 Hz, 1 channel, 16 bits", " frames, ", " dBov", " dBFS", "SHA-256 ",
            "error   data.truncated, byte 40", "█", "━", "1.3 s",
        ] {
            #expect(result.text.contains(text), "\(text) in \(result.text)")
        }
        #expect(result.diagnostics.isEmpty)
    }

    @Test func `draws soft speech as tall as loud speech, and silence as nothing`() async throws {
        try work.wave("loud.wav", seconds: 2)
        let made = try await work.bash(
            "sox -D loud.wav soft.wav vol -36dB; sox -n -r 8000 -b 16 silent.wav trim 0 1")
        #expect(made.status == 0, "\(made.diagnostics)")
        let rows = try await work.voxkeep("inspect", "loud.wav", "soft.wav").lines.filter { $0.contains("█") }
        #expect(rows.count >= 2 && rows.count.isMultiple(of: 2))
        #expect(try await !work.voxkeep("inspect", "silent.wav").text.contains("█"))
    }

    @Test func `prints a row for every file, also for those that cannot be read`() async throws {
        try work.wave("in/a.wav")
        try work.scratch.write([], to: "in/b.wav")
        let result = try await work.voxkeep("inspect", "in", "absent.wav", "--json")
        #expect(result.status == 1)
        let rows = try Row.rows(result.text)
        #expect(
            Dictionary(uniqueKeysWithValues: rows.map { ($0.file, $0.verdict) }) == [
                "in/a.wav": "valid", "in/b.wav": "rejected", "absent.wav": nil,
            ])
        #expect(rows.first { $0.file == "in/a.wav" }?.frames == 4000)
        #expect(!result.text.contains("outputSize"))
    }

    @Test func `walks down a deep tree`() async throws {
        try work.wave("a.wav")
        let made = try await work.bash(
            "for i in {1..150}; do mkdir deeper_and; cd deeper_and; done; cp '\(work.scratch.path("a.wav"))' ."
        )
        #expect(made.status == 0, "\(made.diagnostics)")
        let rows = try Row.rows(try await work.voxkeep("inspect", "deeper_and", "--json").text)
        #expect(rows.map(\.verdict) == ["valid"])
    }

    @Test func `says only what is wrong when it is to be quiet`() async throws {
        try work.wave("good.wav")
        try work.scratch.write([], to: "bad.wav")
        let result = try await work.voxkeep("inspect", "good.wav", "bad.wav", "--quiet")
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.diagnostics == "bad.wav: rejected: The file is empty.\n")
    }

    @Test func `ends when nobody reads on`() async throws {
        for seed in 1...10 { try work.wave("in/\(seed).wav", seconds: 0.1) }
        let result = try await work.bash("\"$VOXKEEP\" inspect in --json | head -1; echo ${PIPESTATUS[0]}")
        #expect(result.lines.count == 2 && result.lines.last == "0")
        #expect(result.diagnostics.isEmpty)
    }

    @Test func `answers at once for a header that claims gigabytes`() async throws {
        var bytes = try work.wave("a.wav")
        bytes.replaceSubrange(40..<44, with: [0, 0xC0, 0xB2, 0xD2])
        try work.scratch.write(bytes, to: "a.wav")
        let row = try #require(try Row.rows(try await work.voxkeep("inspect", "a.wav", "--json").text).first)
        #expect(row.verdict == "salvaged" && row.frames == 4000)
        #expect(row.findings?.contains { $0.code == "data.truncated" && $0.offset == 40 } == true)
    }

    @Test func `ends at Ctrl-C within a long file`() async throws {
        try work.wave("a.wav")
        try work.sparseWave("z.wav", megabytes: 2000)
        let result = try await work.bash(
            """
            "$VOXKEEP" inspect a.wav z.wav > lines & process=$!
            for try in {1..500}; do grep --quiet --no-messages '0 s ' lines && break; sleep 0.02; done
            kill -INT $process; wait $process; echo $?
            """)
        #expect(result.lines == ["130"])
        #expect(result.diagnostics == "Interrupted after 1 of 2 files.\n")
    }

    @Test func `measures loudness, range and true peak as ffmpeg does`() async throws {
        let work = try Workspace()
        try work.wave("a.wav", seconds: 12)
        let text = try await work.voxkeep("inspect", "a.wav", "--loudness", "--json").text
        let row = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let other = try await work.bash(
            "ffmpeg -hide_banner -nostats -i a.wav -af aresample=48000,ebur128=peak=true -f null - 2>&1")
        func value(_ pattern: Regex<(Substring, Substring)>) throws -> Double {
            try #require(try pattern.firstMatch(in: other.text).flatMap { Double($0.1) })
        }
        let (loudness, range, peak) = (
            try value(/Summary:[\s\S]*I: +(-?[0-9.]+) LUFS/), try value(/LRA: +([0-9.]+) LU\n/),
            try value(/Peak: +(-?[0-9.]+) dBFS/)
        )
        #expect(abs(try #require(row["loudness"] as? Double) - loudness) <= 0.1)
        #expect(abs(try #require(row["loudnessRange"] as? Double) - range) <= 0.1)
        #expect(abs(try #require(row["truePeak"] as? Double) - peak) <= 0.3)
        for name in ["activeLevel", "activity", "rms", "peak"] { #expect(row[name] is Double) }
        let shown = try await work.voxkeep("inspect", "a.wav", "--loudness").text
        #expect(shown.contains(/BS\.1770 loudness -[0-9.]+ LUFS, range [0-9.]+ LU, true peak -[0-9.]+ dBTP/))
        #expect(try await !work.voxkeep("inspect", "a.wav").text.contains("BS.1770"))
    }

    @Test func `writes characters as escapes in JSON that turn or break a line`() async throws {
        let work = try Workspace()
        let name = "a\u{202E}b\u{2028}c\u{9B}d.wav"
        try work.wave(name)
        let result = try await work.voxkeep("inspect", "--json", name)
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(result.text.contains(#"a\u202eb\u2028c\u009bd.wav"#), "\(result.text)")
    }
}
