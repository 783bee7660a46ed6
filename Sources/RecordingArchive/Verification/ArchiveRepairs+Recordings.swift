internal import AuditTrail
internal import Digests
internal import DurableFiles

extension ArchiveRepairs {
    private static let fileKinds: Set<ArchiveFinding.Kind> = [
        .fileMissing, .fileAltered, .fileUnreadable, .audioDamaged, .originalDiffers,
    ]
    private static let rowKinds: Set<ArchiveFinding.Kind> = [
        .rowMissing, .rowAltered, .rowStray, .catalogDamaged, .answerLost,
    ]
    private static let sidecarKinds: Set<ArchiveFinding.Kind> = [
        .sidecarMissing, .sidecarAltered, .sidecarUnreadable,
    ]

    // MARK: Sidecars and rows

    /// Brings back the archive's own sidecars, from the catalog or a replica, whichever has the facts of the log.
    mutating func restoreSidecars() throws(ArchiveError) {
        for finding in ownDamage(Self.sidecarKinds) { try restoreSidecar(finding, in: layout) }
    }

    private mutating func restoreSidecar(
        _ finding: ArchiveFinding, in place: ArchiveLayout
    ) throws(ArchiveError) {
        guard let record = finding.record, let expected = expected[record] else { return }
        guard let (sidecar, source) = sidecar(of: record, expected, besides: finding.item) else {
            return refuse(
                [finding],
                "no copy of \(finding.item) has the facts that the log tells of\(hintToNameReplicas)")
        }
        do throws(ArchiveError) {
            try put(try sidecar.bytes(), at: finding.item, in: place, permissions: 0o400)
            settle([finding], from: source)
        } catch {
            refuse([finding], "\(finding.item) cannot be written: \(error)")
        }
    }

    /// Gives recordings that the archive has in an older state the answers that they have got since.
    ///
    /// - Returns: Whether any has got one.
    private mutating func restoreAnswers(to records: Set<String>) throws(ArchiveError) -> Bool {
        guard !records.isEmpty else { return false }
        let lock = try RecordingArchive.takeLock(layout, operations)
        expect(records)
        var isAny = false
        // The catalog that was just made anew has what the archive's own sidecars have.
        let catalog = try Catalog.openForReading(layout)
        for record in records.sorted() {
            guard let own = try catalog.readNow({ try CatalogQueries.sidecar($0, id: record) }),
                let expected = expected[record]
            else { continue }
            let path = layout.absolute(Sidecar.path(of: own.path, own.state))
            guard let (sidecar, _) = sidecar(of: record, expected, besides: path),
                sidecar.answers.count > own.answers.count
            else { continue }
            try put(try sidecar.bytes(), at: path, in: layout, permissions: 0o400)
            isAny = true
        }
        try catalog.close()
        _ = consume lock
        return isAny
    }

    private func sidecar(
        of record: String, _ expected: RecordingCheck.Expected, besides path: String
    ) -> (Sidecar, source: String)? {
        func isRight(_ sidecar: Sidecar) -> Bool {
            sidecar.id == record && (try? sidecar.commitment()) == expected.commitment
        }
        var found: [(Sidecar, source: String)] = []
        if let row = try? catalog?.readNow({ try CatalogQueries.sidecar($0, id: record) }), isRight(row) {
            found.append((row, "catalog"))
        }
        // The item's own path tells where it is in each place: all have the same tree.
        let relative = places.lazy.compactMap { Folder.relativePath(of: path, in: $0.root) }.first
        for place in places {
            guard let other = relative.map(place.absolute), PathKey(other) != PathKey(path),
                let copy = try? Sidecar.read(other, operations), isRight(copy)
            else {
                continue
            }
            found.append((copy, place.root))
        }
        // One may have an answer that another has lost; what the journal does not tell of is not taken over.
        let best = found.map { (onlyKnownAnswers($0.0), source: $0.source) }
        return best.max { $0.0.answers.count < $1.0.answers.count }
    }

    private func onlyKnownAnswers(_ sidecar: Sidecar) -> Sidecar {
        let commitments = (try? sidecar.answerCommitments()) ?? [:]
        var sidecar = sidecar
        sidecar.answers.removeAll { answer in
            answers[sidecar.id]?[answer.hook] != commitments[answer.hook]
        }
        return sidecar
    }

    /// Makes the catalog anew where its rows are not what the journal says, from the sidecars that are whole by now.
    mutating func rebuildCatalog(_ context: ArchiveContext) throws(ArchiveError) {
        let findings = ownDamage(Self.rowKinds)
        guard !findings.isEmpty || isRowless else { return }
        try? catalog?.close()
        catalog = nil
        do throws(ArchiveError) {
            var summary = try RecordingArchive.rebuildCatalog(at: layout.root, context: context)
            var isMore = !summary.lost.isEmpty
            if isMore { isMore = try bringBack(Set(summary.lost)) }
            if isRowless, try restoreAnswers(to: Set(summary.answerless)) { isMore = true }
            if isMore { summary = try RecordingArchive.rebuildCatalog(at: layout.root, context: context) }
            let lost = Set(summary.lost)
            refuse(
                findings.filter { $0.record.map(lost.contains) ?? false },
                "the recording's sidecar is lost, and no copy has it")
            let answerless = Set(summary.answerless)
            refuse(
                damage.filter { $0.kind == .answerLost && $0.record.map(answerless.contains) ?? false },
                "no copy has the answer; export with that hook again")
            settle(ownDamage(Self.rowKinds), from: "journal")
        } catch {
            refuse(findings, "the catalog cannot be made anew: \(error)")
        }
    }

    // MARK: Files

    /// Brings back files, reports, manifests, and the sidecars of replicas.
    mutating func restoreFiles() throws(ArchiveError) {
        for finding in damage where Self.fileKinds.contains(finding.kind) {
            if let place = place(of: finding) { restoreFile(finding, in: place) }
        }
        for finding in damage where finding.replica != nil && Self.sidecarKinds.contains(finding.kind) {
            if let place = place(of: finding) { try restoreSidecar(finding, in: place) }
        }
        for finding in damage where finding.kind == .manifestDiffers {
            if let place = place(of: finding) { rewriteManifest(finding, in: place) }
        }
        restoreAnchors()
    }

    /// Brings back the files of anchors, which the journal knows by their SHA-256.
    private mutating func restoreAnchors() {
        let findings = damage.filter { $0.kind == .anchorInvalid }
        guard !findings.isEmpty, var reader = try? JournalReader(of: layout, operations: operations)
        else { return }
        var digests: [PathKey: Digest] = [:]
        while let line = try? reader.next() {
            for (path, digest) in line.telling(LogAnchored.self)?.anchor.files ?? [] {
                digests[PathKey(path)] = digest
            }
        }
        for finding in findings {
            guard let place = place(of: finding),
                let path = Folder.relativePath(of: finding.item, in: place.root),
                let digest = digests[PathKey(path)]
            else { continue }
            bringBack(finding, path, digest, to: place)
        }
    }

    /// Copies a file from the first other place that has it with these bytes.
    private mutating func bringBack(
        _ finding: ArchiveFinding, _ path: String, _ digest: Digest, to place: ArchiveLayout
    ) {
        let target = Replica(path: place.root, operations: operations)
        var reason = "no copy of \(finding.item) has the bytes that the log tells of\(hintToNameReplicas)"
        for source in places where source != place {
            do throws(ArchiveError) {
                guard try FileDigest.of(source.absolute(path), operations) == digest else { continue }
                try RecordingArchive.files(place) { () throws(FileError) in
                    try FileForm.makeRoom(at: place.absolute(path), operations)
                }
                try target.copy(path, from: source, digest: digest, replacing: true)
                return settle([finding], from: source.root)
            } catch {
                if case .file(let error) = error, error.kind == .missing { continue }
                reason = "\(finding.item) cannot be brought back: \(error)"
            }
        }
        refuse([finding], reason)
    }

    private mutating func restoreFile(_ finding: ArchiveFinding, in place: ArchiveLayout) {
        guard let record = finding.record, let expected = expected[record] else { return }
        guard let recording = try? catalog?.readNow({ try CatalogQueries.recording($0, id: record) }) else {
            return refuse([finding], "the catalog has no row of the recording \(record); run rebuild-catalog")
        }
        let isReport = finding.item == RecordingArchive.reportPath(of: place.absolute(recording.path))
        let path = isReport ? RecordingArchive.reportPath(of: recording.path) : recording.path
        guard let digest = isReport ? reports[record] : expected.stored else { return }
        bringBack(finding, path, digest, to: place)
    }

    private mutating func rewriteManifest(_ finding: ArchiveFinding, in place: ArchiveLayout) {
        let folder = Folder.parent(of: finding.item)
        let relative = Folder.relativePath(of: folder, in: place.root) ?? ""
        do {
            let replica = finding.replica.flatMap(replica(at:))
            let lines = try replica?.position(hint: .start).lines
            let rows =
                try catalog?.readNow { try CatalogQueries.files($0, inFolder: relative, before: lines) } ?? []
            try FileForm.makeRoom(at: finding.item, operations)
            try DayManifest(folder: folder, operations: operations).write(
                rows.sorted { $0.name < $1.name }.map { "\($0.digest)  \($0.name)" },
                temporaryFolder: place.incoming)
            settle([finding], from: "catalog")
        } catch {
            refuse([finding], "\(finding.item) cannot be written: \(error)")
        }
    }
}
