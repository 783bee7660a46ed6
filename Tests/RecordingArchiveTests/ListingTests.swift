import CatalogSamples
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct ListingTests {
    /// Twenty thousand recordings, and holds on some.
    private static func fill(_ folder: ScratchFolder, rows: Int) throws -> CatalogFile {
        let catalog = try CatalogFile(inFolder: folder.path)
        try catalog.insert(SampleRecordings(count: rows)[0..<rows])
        try catalog.hold("1", caseID: "small", sequences: 0...99)
        try catalog.hold("2", caseID: "large", sequences: 0...Int64(rows / 8))
        try catalog.hold("3", caseID: "twofold", sequences: 0...Int64(rows / 8))
        try catalog.hold("4", caseID: "twofold", sequences: Int64(rows / 8)...Int64(rows / 4))
        return catalog
    }

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

    @Test func `every filter gives what a comparison of every recording gives, in order and over pages`()
        throws
    {
        let folder = try ScratchFolder(inMemory: true)
        let rows = 4000
        let catalog = try Self.fill(folder, rows: rows)
        func cases(_ recording: Recording) -> Set<String> {
            let number = Int(recording.sequence)
            return Set(
                [("small", 0...99), ("large", 0...rows / 8), ("twofold", 0...rows / 4)].filter {
                    $0.1.contains(number)
                }
                .map(\.0))
        }
        let all = SampleRecordings(count: rows)[0..<rows].sorted {
            let times = [$0, $1].map { $0.facts.date.flatMap(MessageDate.init)?.unixSeconds ?? -1 }
            return (times[0], $0.sequence) > (times[1], $1.sequence)
        }
        for (name, filter) in ListingCases.all {
            let expected = all.filter { Self.fits(filter, $0, cases: cases($0)) }.map(\.id)
            for limit in [7, 100, 5000] where limit > 7 || expected.count < 500 {
                var listed: [String] = []
                var cursor: RecordingPage.Cursor?
                repeat {
                    let page = try catalog.page(filter, limit: limit, after: cursor)
                    listed += page.recordings.map(\.id)
                    cursor = page.next
                } while cursor != nil
                #expect(listed == expected, "\(name), \(limit) a page")
            }
        }
    }

    @Test func `a page of any filter costs a bounded number of steps, however many rows there are`()
        async throws
    {
        let folder = try ScratchFolder(inMemory: true)
        let rows = 20_000
        let catalog = try Self.fill(folder, rows: rows)
        try catalog.close()
        for (name, filter) in ListingCases.all {
            let reopened = try CatalogFile(inFolder: folder.path)
            let statements = try reopened.statements(filter, limit: 100)
            try reopened.close()
            let result = try await Tool("sqlite3").run(
                ["-cmd", ".stats on", folder("catalog.sqlite")] + [statements.map { $0 + ";\n" }.joined()])
            #expect(result.status == 0, "\(name): \(result.diagnostics)")
            let steps = result.lines.filter { $0.hasPrefix("Virtual Machine Steps:") }.compactMap {
                $0.split(separator: " ").last.flatMap { Int($0) }
            }
            #expect(steps.count == statements.count, "\(name)")
            print("STEPS \(name) \(steps)")
        }
    }
}
