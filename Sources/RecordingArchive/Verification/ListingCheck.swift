internal import Digests
internal import DurableFiles

/// Holds what `listings/` says, in the archive or in a replica, against what journal and catalog know of listed messages.
struct ListingCheck {
    let layout: ArchiveLayout
    /// The replica that is looked at; nil for the archive itself.
    let replica: String?
    let catalog: Catalog
    /// The key that message keys are made with; nil where it is not known.
    let key: Digest?
    /// Whether the files are as new as the newest listing of the journal.
    let isSettled: Bool
    /// Whether the catalog is the archive's own, so that it tells what is missing, and not only what was listed.
    let knowsMissing: Bool
    let operations: any FileOperations

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        let pbxs = try catalog.readNow { try ListingFile.names($0) }
        // What is no folder has no files in it.
        let isFolder = FileForm.isFolder(at: layout.listings, operations)
        // Of a folder that may not be read, others tell.
        let access = AccessCheck(layout: layout, replica: replica, operations: operations)
        let found = try RecordingArchive.files(layout) { () throws(FileError) -> [String] in
            do throws(FileError) {
                return isFolder ? try operations.names(inFolder: layout.listings) : []
            } catch {
                guard access.finding(error, at: layout.listings) != nil else { throw error }
                return []
            }
        }
        for name in found where pbxs[name] == nil && TemporaryName.process(of: name) == nil {
            let path = Folder.path(layout.listings, name)
            report(
                ArchiveFinding(
                    .fileStray, item: path, replica: replica,
                    "\(path) is of no PBX that has listed anything; find out where it comes from, and move it away"
                ))
        }
        for (name, pbx) in pbxs.sorted(by: { $0.key < $1.key }) {
            try check(Folder.path(layout.listings, name), pbx, isInFolder: isFolder, report)
        }
    }

    private func check(
        _ path: String, _ pbx: String, isInFolder: Bool, _ report: (ArchiveFinding) -> Void
    ) throws(ArchiveError) {
        func note(_ kind: ArchiveFinding.Kind, _ message: String) {
            report(ArchiveFinding(kind, item: path, replica: replica, "\(path) \(message)"))
        }
        let remedy = "run verify --repair, which writes it anew"
        if isInFolder, let problem = FileForm.problem(at: path, operations) {
            return note(.listingAltered, "\(problem); \(remedy)")
        }
        let content: [UInt8]?
        do throws(FileError) {
            content =
                isInFolder ? try operations.contentsIfThere(of: path, limit: ListingFile.largestSize) : nil
        } catch {
            return note(.listingUnreadable, "cannot be read (\(error))")
        }
        guard let bytes = content else {
            if isSettled { note(.listingMissing, "is missing; \(remedy)") }
            return
        }
        let expected = try catalog.readNow { try ListingFile(of: pbx, $0) }
        if (try? expected.bytes()) == bytes { return }
        guard let file = ListingFile(bytes), try isPossible(file, pbx),
            !isSettled || !knowsMissing || covers(file, expected.missing)
        else {
            return note(.listingAltered, "was changed; \(remedy)")
        }
        // A replica that is behind is told of once.
        guard isSettled || replica == nil else { return }
        note(
            .listingOutdated,
            "does not show what was listed or archived last; the next \(replica == nil ? "sync" : "replicate") renews it"
        )
    }

    /// Whether a file may have been written at any time: each message is one that was listed, and no more often.
    private func isPossible(_ file: ListingFile, _ pbx: String) throws(ArchiveError) -> Bool {
        guard file.pbx.utf8.elementsEqual(pbx.utf8) else { return false }
        let order = file.missing.map { [$0.firstListed, $0.messageKey] }
        guard zip(order, order.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else {
            return false
        }
        return try catalog.readNow { database in
            try file.missing.allSatisfy { listing in
                guard listing.pbx.utf8.elementsEqual(pbx.utf8), listing.isTrue(key), listing.count > 0,
                    let known = try Listing.known(database, pbx: pbx, key: listing.messageKey)
                else { return false }
                return listing.firstListed == known.firstListed && listing.count <= known.count
                    && (listing.identity != nil || listing.isBare)
            }
        }
    }

    /// Whether a file has all that is missing now: what was archived since it was written, it may have too.
    private func covers(_ file: ListingFile, _ missing: [Listing]) -> Bool {
        let listed = Dictionary(file.missing.map { ($0.messageKey, $0) }) { first, _ in first }
        return missing.allSatisfy { message in
            guard let found = listed[message.messageKey] else { return false }
            return found.count >= message.count && (found.identity != nil || message.identity == nil)
        }
    }
}

extension Listing {
    /// Whether nothing is told in clear.
    var isBare: Bool { self.extension == nil && date == nil && caller == nil && length == nil }
}
