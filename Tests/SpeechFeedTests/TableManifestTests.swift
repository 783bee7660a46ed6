import TestSupport
import Testing

@testable import SpeechFeed

@Suite struct TableManifestTests {
    @Test func `Python's csv module reads every value as it was`() async throws {
        let values = [
            "plain", "", " a ", "a,b", "\"", "he said \"hi\"", "\r\n", "\r", "\n", "\"\u{301}", "=1+1",
            "😀\u{2028}",
        ]
        let names = values.indices.map { "fact_\($0)" }
        let files = try MemoryFiles.written(
            .csv,
            [
                .sample { recording in
                    recording.facts = zip(names, values).map { CorpusRecording.Fact($0, $1) }
                    recording.transcript = "one, \"two\"\nthree"
                }
            ],
            settings: CorpusSettings(facts: names))
        let scratch = try ScratchFolder()
        try scratch.write(files.contents["corpus.csv"] ?? [], to: "corpus.csv")
        let script = """
            import csv, json, sys
            row, = csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True)
            known = [row["text"], row["segments"], row["snr_db"]]
            print(json.dumps(known + list(row.values())[-\(values.count):]))
            """
        let result = try await Tool.python.run(["-c", script, scratch("corpus.csv")])
        let expected = (["one, \"two\"\nthree", "[[800,8001]]", ""] + values).map(JSONValue.text)
        let again = try await Tool.python.run(
            [
                "-c", "import json, sys; print(json.dumps(json.loads(sys.argv[1])))",
                String(decoding: try JSONValue.list(expected).encoded(), as: UTF8.self),
            ])
        #expect(result.status == 0 && result.text == again.text)
    }
}
