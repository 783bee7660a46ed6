internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

extension ArchiveVerifier {
    /// Looks at what an entry tells of; the line is nil where the journal has another one or none.
    mutating func check(
        _ entry: CanonicalJSON, at index: UInt64, _ line: JournalLine?
    ) throws(ArchiveError) {
        guard entry["type"]?.stringValue == "ingest" else { return }
        guard let expected = RecordingCheck.Expected(entry) else {
            return note(
                ArchiveFinding(
                    .logDamaged, item: "entry \(index)",
                    "entry \(index) of the log is no ingest of a form that is known; use the newest version"))
        }
        let (current, row, tombstone, applied) = try catalog.readNow {
            (
                try CatalogQueries.sidecar($0, id: expected.record),
                try CatalogQueries.recording($0, id: expected.record),
                try Tombstone.with(id: expected.record, $0), try Progress.position(.applied, $0).lines
            )
        }
        let erasure = try state?.erasure(of: expected.record)
        guard let current, let row else {
            return checkAbsence(expected, index, line, tombstone, erasure: erasure, applied: applied)
        }
        matchedRows += 1
        if erasure != nil {
            return note(
                ArchiveFinding(
                    .rowStray, item: expected.record, record: expected.record,
                    "the catalog has a row of the recording \(expected.record), which was erased; run rebuild-catalog"))
        }
        if let wanted, !wanted.contains(row.sequence) { return }
        let places = try checkRow(row, current, expected, index, line)
        if let places { try checkPlaces(places, expected, line: line?.number ?? Int(row.sequence)) }
        summary.recordings += 1
        progress(summary.recordings)
    }

    /// Looks at an ingest of which the catalog has no row.
    private mutating func checkAbsence(
        _ expected: RecordingCheck.Expected, _ index: UInt64, _ line: JournalLine?, _ tombstone: Tombstone?,
        erasure: Int64?, applied: Int
    ) {
        // An erasure later than the journal's lines that were read is known to the catalog alone.
        let isErased = state == nil ? tombstone != nil : erasure != nil || tombstone.map { isRecent($0) } ?? false
        if isErased {
            if let tombstone {
                let isRight =
                    tombstone.ingestEntry == Int64(index) && (erasure.map { $0 == tombstone.eraseEntry } ?? true)
                    && tombstone.stored == expected.stored.hexadecimal
                if !isRight { note(rowAltered(expected.record, "tombstone", index)) }
            } else {
                note(rowAltered(expected.record, "tombstone", index))
            }
            summary.erased += 1
            return
        }
        // The catalog will take the line in.
        if let line, line.number >= applied { return }
        orphans.insert(expected.record)
        let claim = tombstone == nil ? "" : ", but a tombstone that no entry accounts for"
        note(
            ArchiveFinding(
                .rowMissing, item: expected.record, record: expected.record,
                "the catalog has no row of the recording \(expected.record) (entry \(index))\(claim); "
                    + "run rebuild-catalog"))
    }

    private func isRecent(_ tombstone: Tombstone) -> Bool {
        guard let lines = state?.lines, let trail = try? JournalReader(at: layout.journal, operations: operations)
        else { return false }
        var reader = trail
        do throws(JournalError) {
            while let line = try reader.next() {
                if line.number >= lines, line.event == "erase", line.text("record") == tombstone.id { return true }
            }
        } catch {
            return false
        }
        return false
    }

    func rowAltered(_ record: String, _ what: String, _ index: UInt64) -> ArchiveFinding {
        ArchiveFinding(
            .rowAltered, item: record, record: record,
            "the catalog's \(what) of the recording \(record) (entry \(index)) is not what log and journal say; "
                + "run rebuild-catalog")
    }

    /// Looks at a row, and returns the sidecar that the files must agree with; nil where the row cannot tell.
    private mutating func checkRow(
        _ row: Recording, _ current: Sidecar, _ expected: RecordingCheck.Expected, _ index: UInt64,
        _ line: JournalLine?
    ) throws(ArchiveError) -> Sidecar? {
        let isCommitted =
            (try? current.commitment()) == expected.commitment && row.facts.stored.sha256 == expected.stored
            && row.facts.source.sha256 == expected.original
        guard isCommitted else {
            note(rowAltered(expected.record, "row", index))
            return RowCheck.isPlaced(row) ? current : misplaced(expected.record)
        }
        guard let line, let state else { return current }
        let check = RowCheck(catalog: catalog, state: state, messageKey: messageKey)
        switch try check.run(row, line, entry: Int64(index)) {
        case .right, .unknown: return current
        case .altered:
            note(rowAltered(expected.record, "row", index))
            return try renewed(current, row, line)
        case .misplaced:
            note(rowAltered(expected.record, "row", index))
            return misplaced(expected.record)
        case .foreignKey:
            if !hasToldOfKey {
                hasToldOfKey = true
                note(
                    ArchiveFinding(
                        .descriptionAltered, item: layout.description,
                        "\(layout.description) does not have the pseudonymKey that the journal's message keys were made "
                            + "with; restore it from a copy"))
            }
            return current
        }
    }

    /// What the sidecar of a recording must say whose row cannot be believed.
    private func renewed(
        _ current: Sidecar, _ row: Recording, _ line: JournalLine
    ) throws(ArchiveError) -> Sidecar {
        guard let state, let policy = line.entry?["retention"]?.stringValue.flatMap({ RetentionPolicy($0) }) else {
            return current
        }
        var sidecar = current
        sidecar.retention = try state.retention(of: row.id, ingested: policy, created: row.facts.created)
        let holds = try state.holds(on: row.id, line: line.number) { (filter) throws(ArchiveError) in
            try catalog.readNow { try CatalogQueries.matches($0, filter, sequence: row.sequence) }
        }
        if let holds { sidecar.holds = holds }
        return sidecar
    }

    private mutating func misplaced(_ record: String) -> Sidecar? {
        orphans.insert(record)
        return nil
    }

    // MARK: Files

    private mutating func checkPlaces(
        _ sidecar: Sidecar, _ expected: RecordingCheck.Expected, line: Int
    ) throws(ArchiveError) {
        var findings = check(sidecar, expected, in: layout, nil, isSettled: isSettled)
        if !findings.isEmpty {
            // Others may have erased or changed it meanwhile.
            guard let now = try catalog.readNow({ try CatalogQueries.sidecar($0, id: expected.record) }) else { return }
            let isSettled = try catalog.readNow {
                try Progress.position(.settled, $0).lines >= Progress.position(.applied, $0).lines
            }
            let isOld = try catalog.readNow { try Progress.position(.applied, $0).lines } == state?.lines
            findings = check(isOld ? sidecar : now, expected, in: layout, nil, isSettled: isSettled)
        }
        for replica in replicas where line < replica.position.lines {
            findings += check(
                sidecar, expected, in: replica.layout, replica.path, isSettled: isSettled && replica.isUpToDate)
            summary.copies += 1
        }
        for finding in findings { note(finding) }
    }

    private func check(
        _ sidecar: Sidecar, _ expected: RecordingCheck.Expected, in layout: ArchiveLayout, _ replica: String?,
        isSettled: Bool
    ) -> [ArchiveFinding] {
        var findings: [ArchiveFinding] = []
        let check = RecordingCheck(
            layout: layout, replica: replica, operations: operations, restoring: plan.restoring, isSettled: isSettled
        ) { findings.append($0) }
        check.checkFile(sidecar.path, sidecar.state, expected)
        check.checkSidecar(sidecar, expected)
        if sidecar.state == .quarantined { check.checkReport(sidecar.path, expected, archive: self.layout) }
        return findings
    }

    // MARK: Replicas

    mutating func findReplicas(applied: Int) throws(ArchiveError) {
        var paths = Set(try catalog.readNow { try CatalogQueries.replicas($0) })
        if let state { paths.formUnion(try state.replicas()) }
        let id = try ArchiveDescription.read(layout, operations).id
        for path in paths.sorted() {
            let replica = Replica(path: path, operations: operations)
            do throws(ArchiveError) {
                let hint = try catalog.readNow { try Progress.position(.replica(path), $0) }
                let position: JournalPosition
                do throws(ArchiveError) {
                    position = try replica.reachedPosition(id: id, hint: hint)
                } catch {
                    // What the journal of the replica is, its own check tells; its files are looked at all the same.
                    guard case .journal = error else { throw error }
                    position = hint
                }
                let isUpToDate = position.lines >= applied
                replicas.append(CheckedReplica(layout: replica.layout, position: position, isUpToDate: isUpToDate))
                if position.lines < hint.lines {
                    note(
                        ArchiveFinding(
                            .journalRolledBack, item: replica.layout.journal, replica: path,
                            "\(replica.layout.journal) has \(position.lines) lines, but had \(hint.lines); "
                                + "run replicate, which copies the rest again"))
                } else if !isUpToDate {
                    note(
                        ArchiveFinding(
                            .replicaBehind, item: path, replica: path,
                            "\(path) lacks \(applied - position.lines) lines of the journal; run replicate"))
                }
            } catch {
                let isForeign = if case .foreignReplica = error { true } else { false }
                note(
                    ArchiveFinding(
                        isForeign ? .replicaForeign : .replicaUnreachable, item: path, replica: path,
                        "the replica at \(path) cannot be used: \(error)"))
            }
        }
    }
}
