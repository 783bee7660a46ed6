internal import Digests
internal import DurableFiles

/// Holds the files of anchors, in the archive or in a replica, against what the journal tells of them.
///
/// What a time stamp is worth, others find out; here are those that must be there, and the bytes that they had.
struct AnchorFileCheck {
    let layout: ArchiveLayout
    /// The replica that is looked at; nil for the archive itself.
    let replica: String?
    let operations: any FileOperations
    /// What the journal says.
    let state: JournalState
    /// How many lines of the journal the place has.
    let lines: Int

    func run(_ report: (ArchiveFinding) -> Void) throws(ArchiveError) {
        let anchors = try state.anchors(before: lines)
        for (path, digest) in anchors.flatMap(\.files) {
            guard let problem = problem(with: path, digest) else { continue }
            let item = layout.absolute(path)
            report(
                ArchiveFinding(
                    .anchorInvalid, item: item, replica: replica, "\(item) \(problem); restore it from a copy"
                ))
        }
        // Of lines that were not read, nobody knows.
        guard state.isWhole || !anchors.isEmpty else { return }
        for name in strays(besides: Set(anchors.map(\.name))) {
            let item = Folder.path(layout.anchors, name)
            report(
                ArchiveFinding(
                    .fileStray, item: item, replica: replica,
                    "\(item) belongs to no anchor; find out where it comes from, and move it away"))
        }
    }

    private func problem(with path: String, _ digest: Digest) -> String? {
        let path = layout.absolute(path)
        if let problem = FileForm.problem(at: path, operations) { return problem }
        do throws(ArchiveError) {
            return try FileDigest.of(path, operations) == digest ? nil : "has other bytes than were stored"
        } catch {
            if case .file(let error) = error, [.missing, .notAFolder].contains(error.kind) {
                return "is missing"
            }
            return "cannot be read (\(error))"
        }
    }

    private func strays(besides known: Set<String>) -> [String] {
        guard FileForm.problemOfFolder(at: layout.anchors, operations) == nil,
            let names = try? operations.names(inFolder: layout.anchors)
        else { return [] }
        let begun = names.compactMap { StoredAnchor.name(ofCheckpoint: $0) }
        let stems = known.union(begun)
        return names.filter { name in
            // A query is written before its checkpoint, so a run that was cut short may leave one.
            if name.hasSuffix(".tsq") || name == "authorities.pem" || TemporaryName.process(of: name) != nil {
                return false
            }
            return ![".checkpoint", ".tsr"].contains { suffix in
                name.hasSuffix(suffix) && stems.contains(String(name.dropLast(suffix.count)))
            }
        }
    }
}
