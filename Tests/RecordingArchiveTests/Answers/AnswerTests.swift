import Digests
import DurableFiles
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct AnswerTests {
    private func answer(_ json: String, hook: String = "transcribe") throws -> HookAnswer {
        try #require(HookAnswer(Array(json.utf8), hook: hook, at: ScratchArchive.start))
    }

    private func found(_ archive: RecordingArchive, _ text: String) async throws -> [String] {
        try await archive.recordings(matching: RecordingFilter(text: text)).recordings.map(\.id)
    }

    @Test func `takes one JSON object, and nothing else`() throws {
        let deep = String(repeating: #"{"a":"#, count: 70) + "1" + String(repeating: "}", count: 70)
        let garbage = [
            "", " ", "null", "3", #""text""#, "[]", #"[{"text":"a"}]"#, #"{"text":"a""#, #"{"text":"a"}{"#,
            #"{text:"a"}"#, #"{"n":NaN}"#, #"{"n":1e999}"#, #"{"text":"\#u{D}"#, deep,
        ]
        for text in garbage {
            #expect(HookAnswer(Array(text.utf8), hook: "h", at: .now) == nil, "\(text)")
        }
        #expect(HookAnswer([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], hook: "h", at: .now) == nil)
        let large = "{\"text\":\"\(String(repeating: "x", count: HookAnswer.largestSize))\"}"
        #expect(HookAnswer(Array(large.utf8), hook: "h", at: .now) == nil)

        let answer = try answer(" {\"words\": [1.50, \"\\u00fc\"],\n \"text\": \"hello\", \"no\": null}\n")
        #expect(answer.json == #"{"no":null,"text":"hello","words":[1.5,"ü"]}"#)
        #expect(answer.transcript == "hello")
        #expect(answer.at == "2026-01-05T10:00:00.000Z")
        #expect(try self.answer(#"{"text":["hello"]}"#).transcript == nil)
        #expect(try self.answer("{}").transcript == nil)
    }

    @Test func `keeps an answer in sidecar and catalog, and in journal and log what stands for it`()
        async throws
    {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        let other = try await archive.addMessage(from: "2")
        let answer = try answer(#"{"text":"Bitte um Rückruf","score":0.5,"tags":[{"who":"Müller"}]}"#)
        #expect(try await archive.store([recording.id: answer]) == [])

        let kept = try #require(try await archive.recording(id: recording.id))
        #expect(kept.answers == [answer])
        #expect(kept.transcript == "Bitte um Rückruf")
        #expect(try await archive.recording(id: other.id)?.answers == [])
        for words in ["rueckruf", "nirgends"] { #expect(try await found(archive, words) == []) }
        for words in ["rückruf", "RUCKRUF bitte", "muller", "rückruf office"] {
            #expect(try await found(archive, words) == [recording.id], "\(words)")
        }
        #expect(try await found(archive, "office").count == 2)

        let sidecar = try scratch.sidecar(of: recording)
        let answers = try #require(sidecar["answers"] as? [[String: Any]])
        #expect(answers.count == 1 && answers[0]["hook"] as? String == "transcribe")
        // As somebody else would compute it.
        let salt = try #require((sidecar["salt"] as? String).flatMap { Digest(hexadecimal: $0) })
        let bytes = try JSONSerialization.data(
            withJSONObject: answers[0], options: [.sortedKeys, .withoutEscapingSlashes])
        let commitment = SHA256Hasher.digest(of: salt.bytes + Array(bytes)).hexadecimal
        let line = try #require(try scratch.journal().last { $0["event"] as? String == "answer" })
        #expect(line["answer"] as? String == commitment)
        #expect(line["record"] as? String == recording.id)
        #expect(!(scratch.folder.text("archive/journal/000000.jsonl") ?? "").contains("ckruf"))
        #expect(scratch.folder.content().allSatisfy { !$0.hasPrefix("incoming/") })
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `has one answer of each hook, the newest`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let id = try await archive.addMessage(from: "1").id
        _ = try await archive.store([id: try answer(#"{"text":"apples"}"#)])
        _ = try await archive.store([id: try answer(#"{"text":"pears"}"#)])
        _ = try await archive.store([id: try answer(#"{"mood":"sour"}"#, hook: "mood")])
        let hooks = try await archive.recording(id: id)?.answers.map(\.hook)
        #expect(hooks == ["mood", "transcribe"])
        #expect(try await archive.recording(id: id)?.transcript == "pears")
        #expect(try await found(archive, "apples") == [])
        #expect(try await found(archive, "pears sour") == [id])
        try await archive.close()
        #expect(try await scratch.findings() == [])
        let before = try scratch.catalog()
        #expect(
            try RecordingArchive.rebuildCatalog(at: scratch.path, context: scratch.context()).answerless == []
        )
        #expect(try scratch.catalog() == before)
        #expect(try await found(try await scratch.openForReading(), "pears") == [id])
    }

    @Test func `drops answers to what is gone, and refuses what a sidecar cannot hold`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let (first, second) = (
            try await archive.addMessage(from: "1").id, try await archive.addMessage(from: "2").id
        )
        try await archive.erase([first], ground: "request")
        let short = try answer(#"{"text":"late"}"#)
        #expect(try await archive.store([first: short, second: short]) == [first])
        #expect(try await archive.recording(id: second)?.answers == [short])
        let long = "{\"text\":\"\(String(repeating: "x", count: 1_000_000))\"}"
        for number in 1...2 {
            _ = try await archive.store([second: try answer(long, hook: "h\(number)")])
        }
        await #expect(throws: ArchiveError.self) {
            try await archive.store([second: try answer(long, hook: "h3")])
        }
        #expect(try await archive.recording(id: second)?.answers.count == 3)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `erases answers with the recording, on every copy`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let recording = try await archive.addMessage(from: "1")
        try await archive.addReplica(scratch.folder("replica"))
        _ = try await archive.replicate(to: scratch.folder("replica"))
        _ = try await archive.store([recording.id: try answer(#"{"text":"unforgettable words"}"#)])
        _ = try await archive.replicate(to: scratch.folder("replica"))
        func traces() throws -> [String] {
            try scratch.folder.files().filter { file in
                let data = try Data(contentsOf: URL(filePath: scratch.folder(file)))
                return data.range(of: Data("unforgettable".utf8)) != nil
            }
        }
        #expect(try traces().count { $0.hasSuffix(".json") } == 2)
        try await archive.erase([recording.id], ground: "request")
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        #expect(try traces() == [])
        #expect(try await scratch.findings() == [])
    }

    @Test func `finds and mends an answer that was changed in either place`() async throws {
        for place in ["sidecar", "catalog", "both"] {
            let scratch = try ScratchArchive()
            var archive = try await scratch.open()
            let recording = try await archive.addMessage(from: "1")
            _ = try await archive.store([recording.id: try answer(#"{"text":"I owe nothing"}"#)])
            try await archive.close()
            let stem = String(recording.path.dropLast(5))
            if place != "catalog" {
                let file = "archive/\(stem).json"
                let text = try #require(scratch.folder.text(file))
                try scratch.folder.write(
                    text.replacing("I owe nothing", with: "I owe money!!").utf8, to: file)
            }
            if place != "sidecar" {
                _ = try scratch.folder.sqlite(
                    "UPDATE recording SET answers = replace(answers, 'nothing', 'money!!'), "
                        + "answerWords = replace(answerWords, 'nothing', 'money!!')")
            }
            let findings = try await scratch.findings()
            let expected: Set<ArchiveFinding.Kind> =
                switch place {
                case "sidecar": [.sidecarAltered]
                case "catalog": [.answerLost]
                default: [.sidecarAltered, .answerLost]
                }
            #expect(Set(findings.map(\.kind)) == expected, "\(place): \(findings)")
            let key = LogKey(path: scratch.folder("log.key"))
            var repairs: [ArchiveRepair] = []
            try await RecordingArchive.repair(
                findings, at: scratch.path, key: { _, _ in key }, context: scratch.context()
            ) { repairs.append($0) }
            archive = try await scratch.open()
            let text = try await archive.recording(id: recording.id)?.transcript
            if place == "both" {
                #expect(text == nil)
                #expect(repairs.contains { !$0.isDone })
                // Answered again, all is well.
                _ = try await archive.store([recording.id: try answer(#"{"text":"I owe nothing"}"#)])
            } else {
                #expect(text == "I owe nothing", "\(place)")
                #expect(!repairs.contains { !$0.isDone }, "\(place): \(repairs)")
            }
            try await archive.close()
            #expect(try await scratch.findings() == [], "\(place)")
        }
    }

    @Test func `an answer that comes after a hold on words changes nothing about it`() async throws {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        _ = try await archive.placeHold(
            case: "A", on: .matching(RecordingFilter(text: "refund")), future: true, reason: "why")
        let id = try await archive.addMessage(from: "1").id
        _ = try await archive.store([id: try answer(#"{"text":"the refund"}"#)])
        #expect(try await archive.recording(id: id)?.holds == 0)
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }

    @Test func `opens the catalog of an archive from before there were answers`() async throws {
        let scratch = try ScratchArchive()
        var archive = try await scratch.open()
        let id = try await archive.addMessage(from: "1").id
        try await archive.close()
        let triggers = try scratch.folder.sqlite(
            "SELECT sql || ';' FROM sqlite_schema WHERE name IN ('recordingWritten', 'recordingUnwritten')")
        _ = try scratch.folder.sqlite(
            """
            DROP TRIGGER recordingToBeAnswered; DROP TRIGGER recordingAnswered; DROP TRIGGER recordingWritten;
            DROP TRIGGER recordingUnwritten; DROP VIEW recordingWords;
            ALTER TABLE recording DROP COLUMN speech; ALTER TABLE recording DROP COLUMN answers;
            ALTER TABLE recording DROP COLUMN answerWords;
            CREATE VIEW recordingWords (position, place, words, facets) AS SELECT position, -position,
                pbx || ' ' || extension || ' ' || caller || ' ' || sourceName || ' ' || verdict || ' ' || codes,
                '' FROM recording;
            \(triggers)
            DELETE FROM grdb_migrations WHERE identifier = 'answers';
            """)
        let refusal = await #expect(throws: ArchiveError.self) {
            _ = try await scratch.openForReading().recording(id: id)
        }
        #expect(refusal?.description.contains("rebuild-catalog") == true)
        archive = try await scratch.open()
        _ = try await archive.store([id: try answer(#"{"text":"now"}"#)])
        #expect(try await found(archive, "now") == [id])
        try await archive.close()
        #expect(try await scratch.findings() == [])
    }
}
