internal import DurableFiles
internal import GRDB

extension RecordingArchive {
    /// Writes what the archive lacks of what PBXs have listed anew, and copies it to replicas.
    ///
    /// How many are missing, the journal tells; what they are in clear, the catalog does, or any file that has it still: the
    /// message keys prove it.
    func restoreListings(_ repair: inout ArchiveRepairs) throws(ArchiveError) {
        let findings = repair.damage.filter {
            [.listingMissing, .listingAltered, .listingUnreadable].contains($0.kind)
        }
        guard !findings.isEmpty else { return }
        let pbxs = try catalog.readNow { try ListingFile.names($0) }
        for finding in findings where finding.replica == nil {
            guard let pbx = pbxs[Folder.name(of: finding.item)] else { continue }
            restore(finding, pbx, &repair)
        }
        for finding in findings where finding.replica != nil {
            guard let place = repair.place(of: finding),
                let path = Folder.relativePath(of: finding.item, in: place.root)
            else { continue }
            do throws(ArchiveError) {
                try makeRoom(for: path, in: place)
                try Replica(path: place.root, operations: operations).copyIfThere(path, from: layout)
                repair.settle([finding], from: layout.root)
            } catch {
                repair.refuse([finding], "\(finding.item) cannot be written: \(error)")
            }
        }
    }

    private func restore(_ finding: ArchiveFinding, _ pbx: String, _ repair: inout ArchiveRepairs) {
        do throws(ArchiveError) {
            var source = "catalog"
            for place in repair.places where try bareCount(pbx) > 0 {
                let before = try bareCount(pbx)
                let (operations, key) = (operations, pseudonymKey)
                // What cannot be read there tells nothing.
                try catalog.write { try? Listing.describe($0, place, key: key, operations) }
                if try bareCount(pbx) < before { source = place.root }
            }
            try makeRoom(for: "listings/" + Folder.name(of: finding.item), in: layout)
            try writeListing(of: pbx)
            let bare = try bareCount(pbx)
            guard bare > 0 else { return repair.settle([finding], from: source) }
            repair.refuse(
                [finding],
                "\(finding.item) was written anew, but nothing has a good copy of what \(bare) of the missing messages are; "
                    + "the next sync adds it of those that the PBX lists still")
        } catch {
            repair.refuse([finding], "\(finding.item) cannot be written: \(error)")
        }
    }

    /// How many missing messages of a PBX are not known in clear.
    private func bareCount(_ pbx: String) throws(ArchiveError) -> Int {
        try catalog.readNow { try Listing.missing($0, pbx: pbx).count { $0.identity == nil } }
    }

    private func makeRoom(for path: String, in place: ArchiveLayout) throws(ArchiveError) {
        try Self.files(place) { () throws(FileError) in
            try FileForm.makeRoomForFolder(at: place.listings, operations)
            try FileForm.makeRoom(at: place.absolute(path), operations)
        }
    }
}
