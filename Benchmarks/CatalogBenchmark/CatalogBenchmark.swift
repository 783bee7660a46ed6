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
        print("| counts and sums | \(rows) | \(try medianTime { _ = try catalog.statistics() }) |")
    }

    private static func fill(_ catalog: CatalogFile, _ samples: SampleRecordings) throws {
        // One at a time into an empty catalog, and later into a full one.
        print("| one row at a time | ms |\n|---|---:|")
        var number = 0
        func insertOne() throws {
            try catalog.insert([samples[number]])
            number += 1
        }
        print("| into an empty catalog | \(try medianTime(501, insertOne)) |")
        let last = samples.count - 501
        try catalog.setCache(200_000)
        while number < last {
            let end = min(number + batch, last)
            try catalog.insert(samples[number..<end])
            number = end
        }
        try catalog.setCache(2000)
        print("| into one of \(number) | \(try medianTime(501, insertOne)) |\n")
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

    private static func medianTime(_ times: Int = 7, _ body: () throws -> Void) rethrows -> String {
        var durations: [Duration] = []
        for _ in 0..<times {
            durations.append(try ContinuousClock().measure(body))
        }
        let median = durations.sorted()[times / 2] / .milliseconds(1)
        return String(format: "%.2f", median)
    }
}
