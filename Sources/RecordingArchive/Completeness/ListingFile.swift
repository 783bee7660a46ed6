internal import DurableFiles
internal import Foundation
internal import GRDB

/// The content of `listings/<pbx>.json`: what a PBX has listed and the archive lacks, in clear.
///
/// It follows from the catalog, and tells the catalog in clear what the journal has only keyed hashes of.
struct ListingFile: Codable {
    var pbx: String
    /// What was listed first coming first.
    var missing: [Listing]

    /// Larger than any such file is.
    static let largestSize = 1 << 28

    /// The content that the catalog has for the file of a PBX.
    init(of pbx: String, _ database: Database) throws {
        self.pbx = pbx
        missing = try Listing.missing(database, pbx: pbx)
    }

    /// Reads a file; nil unless the bytes are exactly what `bytes()` makes of what they say.
    init?(_ bytes: [UInt8]) {
        guard let file = try? JSONDecoder().decode(ListingFile.self, from: Data(bytes)),
            (try? file.bytes()) == bytes
        else { return nil }
        self = file
    }

    /// The bytes of the file.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// The name of the file of a PBX.
    static func name(of pbx: String) -> String { FileNaming.pbxFolder(pbx) + ".json" }

    /// The PBXs that have listed anything, by the names of their files.
    static func names(_ database: Database) throws -> [String: String] {
        let names = try String.fetchAll(database, sql: "SELECT pbx FROM contact").map(NULFreeText.decode)
        return Dictionary(names.map { (name(of: $0), $0) }) { first, _ in first }
    }
}
