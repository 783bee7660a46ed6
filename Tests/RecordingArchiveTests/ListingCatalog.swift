import CatalogSamples
import RecordingArchive
import TestSupport

/// A catalog of made-up recordings, with the holds that `ListingCases` ask for.
enum ListingCatalog {
    /// So few rows that hardly a condition has no more.
    static let fewRows = 40

    static func make(_ folder: ScratchFolder, rows: Int) throws -> CatalogFile {
        let catalog = try CatalogFile(inFolder: folder.path)
        try catalog.insert(SampleRecordings(count: rows)[0..<rows])
        let eighth = Int64(rows / 8)
        try catalog.hold("1", caseID: "small", sequences: 0...99)
        try catalog.hold("2", caseID: "large", sequences: 0...eighth)
        try catalog.hold("3", caseID: "twofold", sequences: 0...eighth)
        try catalog.hold("4", caseID: "twofold", sequences: eighth...(2 * eighth))
        try catalog.hold("5", caseID: "released", sequences: 0...Int64(rows))
        try catalog.release("5")
        return catalog
    }

    /// The cases whose holds are on a recording.
    static func cases(_ recording: Recording, rows: Int) -> Set<String> {
        let number = Int(recording.sequence)
        let ranges = [("small", 0...99), ("large", 0...rows / 8), ("twofold", 0...(rows / 8 * 2))]
        return Set(ranges.filter { $0.1.contains(number) }.map(\.0))
    }
}
