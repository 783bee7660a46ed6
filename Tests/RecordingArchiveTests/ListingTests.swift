import CatalogSamples
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct ListingTests {
    /// Whether a filter lets a recording through, told without SQL.
    private static func fits(_ filter: RecordingFilter, _ recording: Recording, cases: Set<String>) -> Bool {
        let facts = recording.facts
        let time = facts.date.flatMap(MessageDate.init)?.unixSeconds
        func holds<Value: Equatable>(_ wanted: Value?, _ value: Value) -> Bool {
            wanted == nil || wanted == value
        }
        guard holds(filter.pbx, facts.identity.pbx), holds(filter.extension, facts.identity.extension),
            holds(filter.caller, facts.identity.caller), holds(filter.verdict, facts.verdict),
            holds(filter.state, recording.state)
        else { return false }
        if let since = filter.since { guard let time, time >= since else { return false } }
        if let before = filter.before { guard let time, time < before else { return false } }
        let length = facts.audio.map { $0.duration }
        if let shortest = filter.minDuration {
            guard let length, length >= Double(shortest) else { return false }
        }
        if let longest = filter.maxDuration {
            guard let length, length <= Double(longest) else { return false }
        }
        switch filter.hold {
        case .any: guard !cases.isEmpty else { return false }
        case HoldCondition.none?: guard cases.isEmpty else { return false }
        case .caseID(let wanted): guard cases.contains(wanted) else { return false }
        case nil: break
        }
        switch filter.retention {
        case .endsBefore(let moment):
            guard let until = recording.retention.until, until < moment else { return false }
        case .endless: guard recording.retention.until == nil else { return false }
        case .policy(let policy): guard recording.retention.policy == policy else { return false }
        case nil: break
        }
        guard let text = filter.text else { return true }
        let identity = facts.identity
        let content = [
            identity.pbx, identity.extension, identity.caller, facts.source.name, facts.verdict,
            facts.findings,
            facts.warnings.joined(separator: " "),
        ].joined(separator: " ")
        let words = Set(content.split { !$0.isLetter && !$0.isNumber })
        return text.split { !$0.isLetter && !$0.isNumber }.allSatisfy(words.contains)
    }

    /// Few rows to fetch make a list of a few thousand choose as one of millions does.
    @Test(arguments: [ListingCatalog.fewRows, 20_000])
    func `every filter gives what a look at every recording gives, in order and over pages`(fewRows: Int)
        throws
    {
        let rows = 3000
        let folder = try ScratchFolder(inMemory: true)
        var catalog = try ListingCatalog.make(folder, rows: rows)
        catalog.fewRows = fewRows
        let all = SampleRecordings(count: rows)[0..<rows].sorted {
            let times = [$0, $1].map { $0.facts.date.flatMap(MessageDate.init)?.unixSeconds ?? -1 }
            return (times[0], $0.sequence) > (times[1], $1.sequence)
        }
        for (name, filter) in ListingCases.all {
            let expected = all.filter {
                Self.fits(filter, $0, cases: ListingCatalog.cases($0, rows: rows))
            }.map(\.id)
            for limit in [7, 100, 5000] where limit > 7 || expected.count < 300 {
                var listed: [String] = []
                var cursor: RecordingPage.Cursor?
                repeat {
                    let page = try catalog.page(filter, limit: limit, after: cursor)
                    listed += page.recordings.map(\.id)
                    cursor = page.next
                } while cursor != nil
                // A list of thousands tells nobody anything.
                let isRight = listed == expected
                #expect(isRight, "\(name), \(limit) a page: \(listed.count) of \(expected.count)")
            }
        }
    }

    @Test func `orders and filters dates that no PBX should have`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let catalog = try CatalogFile(inFolder: folder.path)
        let dates = [
            "9999-12-31T23:59:59Z", "2300-01-01T00:00:00Z", "2242-03-16T12:56:31Z",
            "2020-01-02T18:00:00+08:00",
            "1970-01-01T00:00:01Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
            nil, nil,
        ]
        // Those beyond what a position tells apart come in the order of their sequence.
        let recordings = dates.enumerated().map { index, date in
            Recording(
                id: "\(index)", sequence: Int64(dates.count - index), ordinal: 1, state: .archived,
                path: "recordings/office/undated/\(index).flac",
                messageKey: "\(index)", ingestEntry: 0, retention: .forever,
                facts: .sample(source: "\(index)", date: date))
        }
        try catalog.insert(recordings)
        #expect(try catalog.page(RecordingFilter(), limit: 100).recordings == recordings)
        let moments = dates.compactMap { $0.flatMap(MessageDate.init)?.unixSeconds } + [1 << 33, -5]
        for moment in moments {
            for filter in [
                RecordingFilter(since: moment), RecordingFilter(before: moment),
                RecordingFilter(since: moment, before: moment + 1, verdict: "flawed"),
                RecordingFilter(before: moment, text: "office"),
            ] {
                let expected = recordings.filter { Self.fits(filter, $0, cases: []) }
                #expect(try catalog.page(filter, limit: 100).recordings == expected, "\(filter)")
            }
        }
    }

    @Test func `takes no part of a text for SQL or for a search of its own`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let catalog = try CatalogFile(inFolder: folder.path)
        var facts = RecordingFacts.sample()
        facts.identity.caller = "Zo\u{EB} \"O'Neil\" * NOT (a:b)\0c"
        let recording = Recording(
            id: "1", sequence: 1, ordinal: 1, state: .archived, path: "recordings/office/undated/1.flac",
            messageKey: "1", ingestEntry: 0,
            retention: .forever, facts: facts)
        try catalog.insert([recording])
        for text in [
            "zoe", "ZOE \"O'NEIL\"", "not", "a:b", "* zoe", "0c", "office 1000", "data.odd", "msg0000.wav",
            " ",
        ] {
            #expect(
                try catalog.page(RecordingFilter(text: text), limit: 1).recordings == [recording], "\(text)")
        }
        for text in [
            "zo", "zoe OR nobody", "words:zoe", "-zoe nobody", "v666c61776564", "\"", "NEAR(zoe x)", "zoe*x",
        ] {
            #expect(try catalog.page(RecordingFilter(text: text), limit: 1).recordings == [], "\(text)")
        }
        #expect(
            try catalog.page(RecordingFilter(caller: facts.identity.caller, text: "zoe"), limit: 1).recordings
                == [recording])
    }

    @Test func `writes a filter as the conditions that it has`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func json(_ filter: RecordingFilter) throws -> String {
            let json = try encoder.encode(filter)
            #expect(try JSONDecoder().decode(RecordingFilter.self, from: json) == filter)
            return String(decoding: json, as: UTF8.self)
        }
        #expect(try json(RecordingFilter()) == "{}")
        #expect(
            try json(
                RecordingFilter(
                    extension: "1000", since: 5, state: .archived, minDuration: 90, hold: .caseID("any"),
                    retention: .endsBefore(0), text: "a b"))
                == #"{"extension":"1000","hold":"case:any","minDuration":90,"retention":"before:1970-01-01T00:00:00Z","#
                + #""since":5,"state":"archived","text":"a b"}"#)
        #expect(
            try json(RecordingFilter(hold: HoldCondition.none, retention: RetentionCondition("event+6y")))
                == #"{"hold":"none","retention":"event+6y"}"#)
        #expect(
            try json(RecordingFilter(hold: .any, retention: .endless))
                == #"{"hold":"any","retention":"endless"}"#)
    }
}
