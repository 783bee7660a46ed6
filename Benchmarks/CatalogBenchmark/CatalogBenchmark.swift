import CatalogSamples
import Foundation
import RecordingArchive

/// Measures the catalog of a large archive: `CatalogBenchmark [ROWS [FOLDER]]`, by default 1,000,000 in a new folder.
@main
struct CatalogBenchmark {
    private static let batch = 10_000

    /// As many rows as are counted.
    private static let most = 100_000

    static func main() throws {
        let arguments = CommandLine.arguments
        let rows = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
        let folder =
            arguments.count > 2
            ? arguments[2]
            : FileManager.default.temporaryDirectory.appending(path: "voxkeep-catalog-\(rows)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let catalog = try CatalogFile(inFolder: folder)
        let samples = SampleRecordings(count: rows)
        let statistics = try catalog.statistics()
        if statistics.archived + statistics.quarantined == 0 { try fill(catalog, samples) }

        print("| list | rows | ms, first page of 100 |\n|---|---:|---:|")
        for (name, filter) in ListingCases.all {
            let matched = try count(catalog, filter)
            let median = try medianTime { _ = try catalog.page(filter, limit: 100) }
            print("| \(name) | \(matched < most ? "\(matched)" : "\(most) or more") | \(median) |")
        }
        print("| counts and sums | \(rows) | \(try medianTime { _ = try catalog.statistics() }) |\n")
        try measureWriting(catalog, rows)
    }

    /// Adds rows one at a time to an empty catalog and to the full one by turns, so that what else the machine does
    /// slows both, and takes them out again.
    private static func measureWriting(_ full: CatalogFile, _ rows: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "voxkeep-catalog-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let empty = try CatalogFile(inFolder: folder)
        let times = 501
        let samples = SampleRecordings(count: rows + times)[rows..<rows + times]
        var durations: [[Duration]] = [[], [], []]
        let clock = ContinuousClock()
        for sample in samples {
            for (index, catalog) in [empty, full].enumerated() {
                durations[index].append(try clock.measure { try catalog.insert([sample]) })
            }
        }
        for sample in samples { durations[2].append(try clock.measure { try full.erase([sample.id]) }) }
        print("| one row at a time | ms |\n|---|---:|")
        for (name, durations) in zip(
            ["into an empty catalog", "into one of \(rows)", "out of it"], durations)
        {
            print("| \(name) | \(text(durations.sorted()[times / 2])) |")
        }
        print(
            "| leaving no byte of what was taken out | \(text(try clock.measure { try full.forgetErased() })) |"
        )
    }

    private static func fill(_ catalog: CatalogFile, _ samples: SampleRecordings) throws {
        try catalog.setCache(200_000)
        for number in stride(from: 0, to: samples.count, by: batch) {
            try catalog.insert(samples[number..<min(number + batch, samples.count)])
        }
        try catalog.setCache(2000)
        let eighth = Int64(samples.count / 8)
        try catalog.hold("1", caseID: "small", sequences: 0...99)
        try catalog.hold("2", caseID: "large", sequences: 0...eighth)
        try catalog.hold("3", caseID: "twofold", sequences: 0...eighth)
        try catalog.hold("4", caseID: "twofold", sequences: eighth...(2 * eighth))
    }

    private static func count(_ catalog: CatalogFile, _ filter: RecordingFilter) throws -> Int {
        var count = 0
        var cursor: RecordingPage.Cursor?
        repeat {
            let page = try catalog.page(filter, limit: 20_000, after: cursor)
            count += page.recordings.count
            cursor = page.next
            if count >= most { return most }
        } while cursor != nil
        return count
    }

    private static func medianTime(_ body: () throws -> Void) rethrows -> String {
        var durations: [Duration] = []
        for _ in 0..<7 { durations.append(try ContinuousClock().measure(body)) }
        return text(durations.sorted()[3])
    }

    private static func text(_ duration: Duration) -> String {
        String(format: "%.2f", duration / .milliseconds(1))
    }
}
