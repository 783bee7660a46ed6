internal import DurableFiles
internal import Foundation
internal import GRDB

/// What a sync has listed and is fetching, noted in the archive's lock while it is at it.
///
/// The note is worth as much as the lock: when the sync has ended, in whatever way, what has not arrived is missing.
struct ListingUnderWay: Sendable, Hashable, Codable {
    let pbx: String
    /// When the sync listed messages first, as the journal has it.
    let since: String
    /// Of messages that had been listed before, how many more of each are listed now, by their keys.
    var grown: [String: Int] = [:]

    /// What another process is fetching at this moment.
    static func now(_ layout: ArchiveLayout, _ operations: any FileOperations) -> [ListingUnderWay] {
        // Of what this process fetches itself, nobody is beside it to be told.
        guard let holder = (try? FolderLock.holder(of: layout.lock, operations: operations)) ?? nil,
            holder.process != TemporaryName.currentProcess
        else { return [] }
        return (try? JSONDecoder().decode([ListingUnderWay].self, from: Data(holder.note.utf8))) ?? []
    }

    /// How many messages are listed and have not arrived yet.
    func count(_ database: Database) throws -> Int {
        let name = NULFreeText.encode(pbx)
        var count =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT ifnull(SUM(count - archived), 0) FROM listed
                    WHERE archived < count AND pbx = ? AND firstListed >= ?
                    """,
                arguments: [name, since]) ?? 0
        for (key, added) in grown {
            count +=
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT max(0, min(count - archived, ?)) FROM listed
                        WHERE pbx = ? AND messageKey = ? AND firstListed < ?
                        """,
                    arguments: [added, name, key, since]) ?? 0
        }
        return count
    }

    /// Whether all missing messages of a listing are among them.
    func covers(_ listing: Listing) -> Bool {
        listing.pbx.utf8.elementsEqual(pbx.utf8)
            && (listing.firstListed >= since || grown[listing.messageKey] ?? 0 >= listing.count)
    }
}

extension RecordingArchive {
    /// Notes that messages are about to be listed and fetched.
    ///
    /// - Parameters:
    ///   - pbx: The name of the PBX.
    ///   - since: When they were listed, as the journal will have it.
    ///   - grown: Of messages that were listed before, how many more of each there are.
    func beginFetching(of pbx: String, since: String, grown: [String: Int]) {
        let index = listingsUnderWay.firstIndex { $0.pbx.utf8.elementsEqual(pbx.utf8) }
        if let index {
            listingsUnderWay[index].grown.merge(grown, uniquingKeysWith: +)
        } else {
            listingsUnderWay.append(ListingUnderWay(pbx: pbx, since: since, grown: grown))
        }
        noteListingsUnderWay()
    }

    /// Notes that what has not been fetched by now is missing.
    func endFetching(of pbx: String) {
        listingsUnderWay.removeAll { $0.pbx.utf8.elementsEqual(pbx.utf8) }
        noteListingsUnderWay()
    }

    private func noteListingsUnderWay() {
        let text = (try? JSONEncoder().encode(listingsUnderWay)).map { String(decoding: $0, as: UTF8.self) }
        // Without the note, a status at this moment counts them as missing: no reason to archive nothing.
        try? lock?.note(listingsUnderWay.isEmpty ? "" : text ?? "")
    }
}
