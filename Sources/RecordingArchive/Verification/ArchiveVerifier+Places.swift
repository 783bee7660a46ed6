internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

extension ArchiveVerifier {
    /// The description is the one that the archive was made with, here and in each replica.
    mutating func checkDescriptions() {
        let check = DescriptionCheck(
            [layout] + replicas.map(\.layout), id: IdentityEvidence(layout, operations).id, operations)
        let right = check.right
        pseudonymKey = right?.pseudonymKey
        if let problem = check.problem(in: layout, right) {
            note(
                ArchiveFinding(
                    .descriptionAltered, item: layout.description,
                    "\(layout.description) \(problem); restore it from a copy"))
        }
        for replica in replicas {
            guard let problem = check.problem(in: replica.layout, right) else { continue }
            let path = replica.layout.description
            note(
                ArchiveFinding(
                    .descriptionAltered, item: path, replica: replica.path,
                    "\(path) \(problem); restore it from the archive"))
        }
    }

    mutating func findReplicas() throws(ArchiveError) {
        for (number, path) in basis.replicas.enumerated() {
            let replica = Replica(path: path, operations: operations)
            do throws(ArchiveError) {
                try checkIdentity(of: replica)
                try replica.checkPlace(besides: layout, basis.replicas[..<number])
                checkAccess(to: replica.layout, path)
                let hint = try catalog.readNow { try Progress.position(.replica(path), $0) }
                let position = try position(of: replica, hint)
                let logged = try catalog.readNow { try Progress.position(.replicaLog(path), $0) }
                let isUpToDate = position.lines >= applied.lines
                replicas.append(
                    CheckedReplica(
                        layout: replica.layout, position: position, isUpToDate: isUpToDate,
                        loggedEntries: UInt64(logged.entries), hasLog: logged.lines > 0,
                        isFinished: logged.lines >= applied.lines))
            } catch {
                note(
                    ArchiveFinding(
                        .replicaUnreachable, item: path, replica: path,
                        "\(path) cannot be used (\(error)); mount its disk, and run verify again"))
            }
        }
    }

    /// How far a replica has come; where its journal is damaged or gone, how far it had come.
    private mutating func position(of replica: Replica, _ hint: JournalPosition) throws(ArchiveError)
        -> JournalPosition
    {
        do throws(ArchiveError) {
            let position = try replica.position(hint: hint)
            // Anything else there that only comes to be when it has lines tells that it had some.
            let isGone =
                position == .start
                && (hint != .start
                    || (try? JournalGuard.check(replica.layout, applied: .start, operations)) == nil)
            guard isGone else { return position }
            let path = replica.layout.journal
            note(
                ArchiveFinding(
                    .journalDamaged, item: path, replica: replica.path,
                    "\(path) has lost its lines, by which the copy goes; restore it from the archive"))
            return hint
        } catch {
            switch error {
            case .journal(.damaged): return hint
            // What is told of when it is compared with the archive's.
            case .journal(.file(let error)) where error.isNoFile || error.kind == .notAFolder: return hint
            default: throw error
            }
        }
    }

    /// Makes sure that a folder is a replica of this archive, by any of the files that tell whose it is.
    private func checkIdentity(of replica: Replica) throws(ArchiveError) {
        let theirs = IdentityEvidence(replica.layout, operations)
        guard theirs.id != nil else {
            // A folder that may not be read is there.
            _ = try RecordingArchive.files(replica.layout) { () throws(FileError) in
                try operations.status(of: replica.path) == nil ? [] : operations.names(inFolder: replica.path)
            }
            throw .replicaMissing(path: replica.path)
        }
        guard let id = IdentityEvidence(layout, operations).id, !theirs.ids.contains(id) else { return }
        throw .foreignReplica(path: replica.path)
    }

    /// Looks at what no entry leads to: rows, files, manifests, and what replicas have beside recordings.
    mutating func verifyRest(_ keys: [VerifierKey]?, isJournalWhole: Bool) throws(ArchiveError) {
        var strays: Set<String> = []
        if !basis.isDerived {
            strays = try findStrayRows()
            try CatalogCheck(
                layout: layout, catalog: catalog, state: state, applied: applied, key: pseudonymKey
            ).run { note($0) }
        }
        func sweep(_ layout: ArchiveLayout, _ replica: CheckedReplica?) -> FileSweep {
            FileSweep(
                layout: layout, catalog: catalog, operations: operations, replica: replica?.path,
                position: replica?.position, state: state, wrongRows: alteredRows.union(strays),
                isBlind: basis.isBlind)
        }
        try sweep(layout, nil).run { note($0) }
        try checkListings(of: layout, nil)
        try checkAnchors(in: layout, nil, lines: .max)
        checkForm(of: layout, nil)
        for replica in replicas {
            replica.checkJournal(against: isJournalWhole ? layout : nil, besides: wrongLines, operations) {
                note($0)
            }
            if let keys { try checkLog(of: replica, keys) }
            try sweep(replica.layout, replica).run { note($0) }
            try checkListings(of: replica.layout, replica)
            try checkAnchors(in: replica.layout, replica.path, lines: replica.position.lines)
            checkForm(of: replica.layout, replica.path)
        }
    }

    private mutating func checkAnchors(
        in layout: ArchiveLayout, _ replica: String?, lines: Int
    ) throws(ArchiveError) {
        guard let state else { return }
        try AnchorFileCheck(
            layout: layout, replica: replica, operations: operations, state: state, lines: lines
        ).run { note($0) }
    }

    private mutating func checkForm(of layout: ArchiveLayout, _ replica: String?) {
        FormCheck(layout: layout, replica: replica, operations: operations).run { finding in
            // What is in the place of the folder of listings gives way to the listings that are missing.
            let isListings = finding.item == layout.listings
            if !judge.hasFound(at: finding.item, orBelow: isListings) { note(finding) }
        }
    }

    private mutating func checkListings(
        of layout: ArchiveLayout, _ replica: CheckedReplica?
    ) throws(ArchiveError) {
        // What was listed, only a whole journal tells.
        guard !basis.isDerived || !basis.isBlind && state?.isWhole == true else { return }
        try ListingCheck(
            layout: layout, replica: replica?.path, catalog: catalog, key: pseudonymKey,
            isSettled: isSettled && replica?.isFinished ?? true, knowsMissing: !basis.isDerived,
            operations: operations
        ).run { note($0) }
    }

    private mutating func checkLog(of replica: CheckedReplica, _ keys: [VerifierKey]) throws(ArchiveError) {
        let checkpoint = Folder.path(replica.layout.log, "checkpoint")
        // Of a log that may not be read was told.
        guard
            !unreadable.contains(where: {
                Folder.relativePath(of: checkpoint, in: $0.path) != nil
                    || PathKey($0.path) == PathKey(checkpoint)
            })
        else { return }
        let status = try RecordingArchive.files(replica.layout) { () throws(FileError) in
            try operations.status(of: checkpoint)
        }
        if status == nil, !replica.hasLog, !keys.isEmpty {
            // The log comes last, so a replica that was never finished lacks nothing but that.
            guard replica.isUpToDate else { return }
            return note(
                ArchiveFinding(
                    .replicaBehind, item: replica.path, replica: replica.path,
                    "\(replica.path) lacks the log; run replicate"))
        }
        replica.checkLog(keys) { note($0) }
        if replica.isUpToDate,
            let head = try? ReplicaHead(
                of: Replica(path: replica.path, operations: operations), signedBy: keys),
            head.size < replica.loggedEntries
        {
            note(
                ArchiveFinding(
                    .replicaBehind, item: replica.path, replica: replica.path,
                    "\(replica.path) has an older log, of \(head.size) entries of \(replica.loggedEntries); run replicate"
                ))
        }
        if replica.isUpToDate, plan.verifierKeys == nil { checkKeys(of: replica, keys) }
    }

    private mutating func checkKeys(of replica: CheckedReplica, _ keys: [VerifierKey]) {
        let path = replica.layout.verifierKeys
        guard (try? VerifierKeyList.read(path, operations)) != keys else { return }
        note(
            ArchiveFinding(
                .logSignature, item: path, replica: replica.path,
                "\(path) does not have the archive's keys; restore it from the archive"))
    }

    /// Names the rows that no ingest accounts for, where there are more rows than ingests.
    ///
    /// - Returns: Their ids.
    private mutating func findStrayRows() throws(ArchiveError) -> Set<String> {
        let count = try catalog.readNow { try CatalogQueries.rowCount($0) }
        guard let state, plan.start > 0 || count != matchedRows else { return [] }
        var strays: Set<String> = []
        var last = Int64.min
        while true {
            let rows = try catalog.readNow {
                try CatalogQueries.idsWithSequences($0, after: last, limit: 1000)
            }
            guard let end = rows.last?.sequence else { return strays }
            last = end
            let now = try catalog.readNow { try Progress.position(.applied, $0).lines }
            for (id, sequence) in rows where state.isWhole || sequence < state.lines {
                // Others have added rows meanwhile, of lines that were not read.
                if (applied.lines..<max(now, applied.lines)).contains(Int(sequence)) { continue }
                guard try state.ingest(of: id) == nil else { continue }
                strays.insert(id)
                note(
                    ArchiveFinding(
                        .rowStray, item: id, record: id,
                        "the catalog's row of the recording \(id) has no ingest in the journal; run rebuild-catalog, and "
                            + "find out where it comes from"))
            }
        }
    }
}
