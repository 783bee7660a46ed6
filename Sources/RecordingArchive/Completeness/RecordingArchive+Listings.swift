internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import Foundation
internal import GRDB

extension RecordingArchive {
    /// Writes down what a PBX lists, so that what never arrives is known to be missing.
    ///
    /// The journal gets keyed hashes of messages that it has not seen before. What the archive lacks is also kept in
    /// clear, in `listings/<pbx>.json` and the catalog, until it is archived.
    ///
    /// - Parameters:
    ///   - pbx: The name of the PBX.
    ///   - identities: The messages, each as often as it is listed.
    ///   - box: Where the PBX is, so that it is known again; nil where that does not count.
    /// - Throws: `ArchiveError`.
    public func noteListing(
        of pbx: String, _ identities: [MessageIdentity], at box: PBXBox? = nil
    ) throws(ArchiveError) {
        try checkWritable()
        var counts: [String: (identity: MessageIdentity, count: Int)] = [:]
        for identity in identities { counts[messageKey(of: identity), default: (identity, 0)].count += 1 }
        let known = try catalog.readNow { try Listing.counts($0, pbx: pbx, keys: Array(counts.keys)) }
        let new = counts.filter { $0.value.count > known[$0.key] ?? 0 }
            .map { KeyCount(key: $0.key, count: Int64($0.value.count)) }.sorted { $0.key < $1.key }
        var newBox: PBXBox?
        if let box {
            let known = try knownBox(at: box.address)
            if known?.name != pbx || known?.box != box { newBox = box }
        }
        let now = context.now()
        let added = new.map { ($0.key, Int($0.count) - (known[$0.key] ?? 0)) }
        beginFetching(
            of: pbx, since: JournalTime(now).text,
            grown: Dictionary(uniqueKeysWithValues: added.filter { known[$0.0] ?? 0 > 0 }))
        try record(MessagesListed(by: pbx, messages: identities.count, new: new, box: newBox), at: now)
        let details = counts.mapValues(\.identity)
        try catalog.write { try Listing.describe($0, pbx: pbx, details) }
        try writeListing(of: pbx)
    }

    /// Writes down anew what the archive lacks of what a PBX has listed, now that nothing more is fetched.
    ///
    /// - Parameter pbx: The name of the PBX.
    /// - Throws: `ArchiveError`.
    public func updateListing(of pbx: String) throws(ArchiveError) {
        try checkWritable()
        try writeListing(of: pbx)
        endFetching(of: pbx)
    }

    /// Writes the file of what the archive lacks of what a PBX has listed, where it differs.
    func writeListing(of pbx: String) throws(ArchiveError) {
        let path = Folder.path(layout.listings, ListingFile.name(of: pbx))
        let file = try catalog.readNow { try ListingFile(of: pbx, $0) }
        let bytes: [UInt8]
        do {
            bytes = try file.bytes()
        } catch {
            throw .unencodable(path: path, reason: "\(error)")
        }
        try Self.files(layout) { () throws(FileError) in
            if try hasContent(bytes, path) { return }
            try Folder.makeDurably(layout.listings, below: layout.root, operations: operations)
            try PendingFile.writeFile(
                bytes, to: path, replacing: true, temporaryFolder: layout.incoming, operations: operations)
        }
    }
}

/// A message that a PBX has listed and that the archive lacks.
public struct Listing: Sendable, Hashable, Codable {
    /// What tells the message again.
    public var messageKey: String
    /// The name of the PBX.
    public var pbx: String
    /// The extension; nil where only the journal remembers it.
    public var `extension`: String?
    /// The date as listed; nil where only the journal remembers it.
    public var date: String?
    /// The caller as listed; nil where only the journal remembers it.
    public var caller: String?
    /// The length as listed; nil where only the journal remembers it.
    public var length: String?
    /// When it was listed first, ISO 8601.
    public var firstListed: String
    /// How many messages of this identity are missing.
    public var count: Int

    /// What was listed; nil where only the journal remembers it.
    public var identity: MessageIdentity? {
        guard let number = self.extension, let date, let caller, let length else { return nil }
        return MessageIdentity(
            pbx: pbx, extension: number, listedDate: date, caller: caller, listedLength: length)
    }
}

extension Listing {
    static func counts(_ database: Database, pbx: String, keys: [String]) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let statement = try database.cachedStatement(
            sql: "SELECT count FROM listed WHERE pbx = ? AND messageKey = ?")
        for key in keys {
            counts[key] = try Int.fetchOne(statement, arguments: [NULFreeText.encode(pbx), key])
        }
        return counts
    }

    /// How often a message was listed, and since when; nil where it was not.
    static func known(
        _ database: Database, pbx: String, key: String
    ) throws -> (count: Int, firstListed: String)? {
        try Row.fetchOne(
            database, sql: "SELECT count, firstListed FROM listed WHERE pbx = ? AND messageKey = ?",
            arguments: [NULFreeText.encode(pbx), key]
        ).map { (try $0.decode(forColumn: "count"), try $0.decode(forColumn: "firstListed")) }
    }

    /// Adds in clear what is known of messages that are missing.
    static func describe(
        _ database: Database, pbx: String, _ identities: [String: MessageIdentity]
    ) throws {
        for (key, identity) in identities {
            try database.execute(
                sql: """
                    UPDATE listed SET extension = ?, date = ?, caller = ?, length = ?
                    WHERE pbx = ? AND messageKey = ? AND archived < count
                    """,
                arguments: StatementArguments(
                    [
                        identity.extension, identity.listedDate, identity.caller, identity.listedLength, pbx,
                    ].map(NULFreeText.encode) + [key]))
        }
    }

    /// Adds in clear what the files in `listings/` know of messages that are missing.
    ///
    /// The key that message keys are made with tells what the PBX listed from anything else; it is nil where it is not known.
    static func describe(
        _ database: Database, _ layout: ArchiveLayout, key: Digest?, _ operations: any FileOperations
    ) throws {
        try FolderWalk.files(below: "listings", in: layout, operations) { path in
            let bytes = try operations.contents(of: layout.absolute(path), limit: ListingFile.largestSize)
            guard let file = try? JSONDecoder().decode(ListingFile.self, from: Data(bytes)) else { return }
            for listing in file.missing where listing.isTrue(key) {
                guard let identity = listing.identity else { continue }
                try describe(database, pbx: file.pbx, [listing.messageKey: identity])
            }
        }
    }

    /// Whether what is told in clear is what the message key was made of; so it is where nothing is told, or nothing can tell.
    func isTrue(_ key: Digest?) -> Bool {
        guard let key, let identity else { return true }
        return ArchiveDescription.messageKey(of: identity, key: key) == messageKey
    }

    /// What is missing, what was listed first coming first.
    static func missing(_ database: Database, pbx: String? = nil, limit: Int = -1) throws -> [Listing] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM listed WHERE archived < count \(pbx == nil ? "" : "AND pbx = ?2")
                ORDER BY firstListed, messageKey LIMIT ?1
                """,
            arguments: pbx.map { [limit, NULFreeText.encode($0)] } ?? [limit]
        ).map { row in
            func text(_ column: String) throws -> String? {
                try row.decode(String?.self, forColumn: column).map(NULFreeText.decode)
            }
            let count = try row.decode(Int.self, forColumn: "count")
            return Listing(
                messageKey: try row.decode(forColumn: "messageKey"), pbx: try text("pbx") ?? "",
                extension: try text("extension"), date: try text("date"), caller: try text("caller"),
                length: try text("length"), firstListed: try row.decode(forColumn: "firstListed"),
                count: count - (try row.decode(Int.self, forColumn: "archived")))
        }
    }
}
