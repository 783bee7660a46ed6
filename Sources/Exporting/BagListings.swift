internal import DurableFiles

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The three lists of a bag, written while the recordings are copied: CSV and JSON for programs, a page for people.
struct BagListings: ~Copyable {
    private let table: BagFile
    private let objects: BagFile
    private let page: BagFile
    private let index: IndexPage
    private var count = 0

    init(in bag: inout BagWriter, index: IndexPage) throws(FileError) {
        let table = try bag.begin("metadata.csv")
        let objects = try bag.begin("metadata.json")
        let page = try bag.begin("index.html")
        try table.write(MetadataTable.header)
        try page.write(index.head)
        self.index = index
        self.table = table
        self.objects = objects
        self.page = page
    }

    mutating func add(_ metadata: RecordingMetadata) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try table.write(try MetadataTable.row(metadata))
        try objects.write(count == 0 ? "[\n" : ",\n")
        let json = String(decoding: try encoder.encode(metadata), as: UTF8.self)
        try objects.write(EscapedJSON.text(json))
        try page.write(try index.entry(metadata))
        count += 1
    }

    consuming func finish(in bag: inout BagWriter) throws(FileError) {
        try objects.write(count == 0 ? "[]\n" : "\n]\n")
        try page.write(index.foot(count: count))
        try bag.add(table)
        try bag.add(objects)
        try bag.add(page)
    }
}
