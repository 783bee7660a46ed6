import CatalogSamples
import Foundation
import RecordingArchive
import TestSupport
import Testing

struct CatalogFileTests {
    private static let rows = 500

    @Test func `is the same in whatever order and with whatever detours rows came`() throws {
        let folders = try [ScratchFolder(inMemory: true), ScratchFolder(inMemory: true)]
        let samples = SampleRecordings(count: Self.rows)[0..<Self.rows]
        let straight = try CatalogFile(inFolder: folders[0].path)
        try straight.insert(samples)
        let detour = try CatalogFile(inFolder: folders[1].path)
        try detour.insert(samples.reversed())
        #expect(try detour.fingerprint() == straight.fingerprint())
        try detour.erase(samples[100..<200].map(\.id))
        #expect(try detour.fingerprint() != straight.fingerprint())
        for recording in samples[100..<200].shuffled() { try detour.insert([recording]) }
        #expect(try detour.fingerprint() == straight.fingerprint())
        #expect(try detour.statistics() == straight.statistics())
        for catalog in [straight, detour] { try catalog.hold("1", caseID: "A", sequences: 5...300) }
        #expect(try detour.fingerprint() == straight.fingerprint())
        #expect(try straight.fingerprint().contains("hold: id, caseID, "))
    }

    @Test func `keeps sums that agree with the rows`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        let catalog = try CatalogFile(inFolder: folder.path)
        #expect(try catalog.statistics() == ArchiveStatistics())
        let samples = SampleRecordings(count: Self.rows)[0..<Self.rows]
        try catalog.insert(samples)
        try catalog.erase(samples.prefix(100).map(\.id))
        let rest = samples.dropFirst(100)
        let statistics = try catalog.statistics()
        #expect(statistics.archived == rest.count { $0.state == .archived })
        #expect(statistics.quarantined == rest.count { $0.state == .quarantined })
        #expect(statistics.verdicts == Dictionary(grouping: rest, by: \.facts.verdict).mapValues(\.count))
        #expect(statistics.sourceSize == rest.reduce(0) { $0 + $1.facts.source.size })
        #expect(statistics.storedSize == rest.reduce(0) { $0 + $1.facts.stored.size })
        let milliseconds = rest.reduce(0) { $0 + Int(($1.facts.audio?.duration ?? 0) * 1000 + 0.5) }
        #expect(statistics.duration == Double(milliseconds) / 1000)
        try catalog.erase(rest.map(\.id))
        #expect(try catalog.statistics() == ArchiveStatistics())
        try catalog.close()
        let tally = try await Tool("sqlite3").run([folder("catalog.sqlite"), "SELECT COUNT(*) FROM tally"])
        #expect(tally.lines == ["0"])
    }

    @Test func `keeps what a hold is on, and lets it go when the last one is released`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let catalog = try CatalogFile(inFolder: folder.path)
        let samples = SampleRecordings(count: 10)[0..<10]
        try catalog.insert(samples)
        try catalog.hold("1", caseID: "A", sequences: 3...4)
        try catalog.hold("2", caseID: "B", sequences: 4...5)
        func held() throws -> [Int64: Int] {
            let page = try catalog.page(RecordingFilter(hold: .any), limit: 10)
            return Dictionary(uniqueKeysWithValues: page.recordings.map { ($0.sequence, $0.holds) })
        }
        #expect(try held() == [3: 1, 4: 2, 5: 1])
        let error = #expect(throws: ArchiveError.self) { try catalog.erase([samples[4].id]) }
        #expect(
            error == .catalog(path: folder.path, reason: "a recording under a hold cannot be erased"))
        try catalog.release("1")
        #expect(try held() == [4: 1, 5: 1])
        try catalog.release("1")
        #expect(try held() == [4: 1, 5: 1])
        try catalog.erase([samples[3].id])
        try catalog.release("2")
        #expect(try held() == [:])
        try catalog.erase(samples.map(\.id))
        #expect(try catalog.page(RecordingFilter(), limit: 10).recordings == [])
    }

    @Test func `finds no word of what was erased, and keeps no byte of it`() async throws {
        let folder = try ScratchFolder(inMemory: true)
        let catalog = try CatalogFile(inFolder: folder.path)
        var samples = SampleRecordings(count: 2000)[0..<2000]
        var facts = samples[7].facts
        facts.identity.caller = "4930777123456"
        samples[7] = Recording(
            id: samples[7].id, sequence: 7, ordinal: 1, state: .archived, path: samples[7].path,
            messageKey: samples[7].messageKey, ingestEntry: 7, retention: .forever, facts: facts)
        try catalog.insert(samples)
        func traces() async throws -> Bool {
            // In the index a word follows the one before it without what both begin with.
            let files = ["catalog.sqlite", "catalog.sqlite-wal"].map { folder($0) }
            return try await Tool("grep").run(["-c", "-a", "777123456"] + files).lines.contains {
                !$0.hasSuffix(":0")
            }
        }
        let filter = RecordingFilter(text: "4930777123456")
        #expect(try catalog.page(filter, limit: 10).recordings.map(\.id) == [samples[7].id])
        #expect(try await traces())
        try catalog.erase([samples[7].id])
        #expect(try catalog.page(filter, limit: 10).recordings == [])
        #expect(try await traces())
        try catalog.forgetErased()
        #expect(try await !traces())
        _ = try catalog.fingerprint()
        #expect(try catalog.page(RecordingFilter(text: "wav"), limit: 5000).recordings.count == 1999)
    }

    @Test(arguments: [-1, 1 << 30, Int64.max])
    func `refuses a sequence that it cannot place`(sequence: Int64) throws {
        let folder = try ScratchFolder(inMemory: true)
        let catalog = try CatalogFile(inFolder: folder.path)
        let recording = Recording(
            id: "1", sequence: sequence, ordinal: 1, state: .archived,
            path: "recordings/office/undated/1.flac",
            messageKey: "1",
            ingestEntry: 0,
            retention: .forever, facts: .sample())
        #expect(throws: ArchiveError.self) { try catalog.insert([recording]) }
    }
}
