internal import DurableFiles
package import TransparencyLog

extension RecordingArchive {
    /// Holds log, journal, catalog, files and copies against one another, on the caller's thread; writes nothing.
    ///
    /// It needs no key but the verifier keys that are kept in the archive. Memory stays flat in the size of the archive.
    ///
    /// - Parameters:
    ///   - plan: What to do, and when to stop.
    ///   - known: Tree heads that the log is known to have had, from outside of the archive.
    ///   - report: Takes each finding as it is made.
    ///   - progress: Is told after each recording how many were looked at.
    /// - Returns: What was done and found.
    /// - Throws: `ArchiveError` where the archive cannot be read at all.
    package nonisolated func verify(
        _ plan: VerificationPlan, known: [TreeHead] = [], report: @escaping (ArchiveFinding) -> Void,
        progress: @escaping (_ recordings: Int) -> Void = { _ in }
    ) throws(ArchiveError) -> VerificationSummary {
        let judge = FindingJudge(report: report, pause: plan.pause)
        let first: VerificationBasis
        if let basis { first = basis } else { first = try freshBasis() }
        var summary = try look(plan, known, first, judge, progress)
        var again = plan
        while judge.isToLookAgain(plan.isOver()) {
            again.records = judge.recordings
            let basis = try freshBasis()
            let found = try look(again, known, basis, judge) { _ in }
            if summary == nil { summary = found }
            if self.basis != nil { try? basis.catalog.close() }
        }
        judge.end()
        var result = summary ?? VerificationSummary()
        result.findings = judge.counts
        return result
    }

    /// What a look goes by.
    private nonisolated func freshBasis() throws(ArchiveError) -> VerificationBasis {
        if let basis {
            return try VerificationBasis(layout, naming: basis.replicas, isThorough: false, operations)
        }
        let start = WriterWatch(layout: layout, operations: operations).state
        return try VerificationBasis(catalog, layout, since: start)
    }

    /// Looks once at all that is to be looked at.
    ///
    /// - Returns: What was done; nil where a writer has kept it from being done.
    private nonisolated func look(
        _ plan: VerificationPlan, _ known: [TreeHead], _ basis: VerificationBasis, _ judge: FindingJudge,
        _ progress: @escaping (_ recordings: Int) -> Void
    ) throws(ArchiveError) -> VerificationSummary? {
        func look(by basis: VerificationBasis) throws(ArchiveError) -> VerificationSummary {
            var verifier = ArchiveVerifier(
                layout: layout, basis: basis, operations: operations, plan: plan, known: known, judge: judge,
                progress: progress)
            let summary = try verifier.run()
            // Of files that are not those that were stored, the look has told.
            for finding in plan.anchorFindings() where !judge.hasFound(at: finding.item) {
                verifier.note(finding)
            }
            return summary
        }
        judge.begin(
            WriterWatch(layout: layout, operations: operations), since: basis.start)
        do throws(ArchiveError) {
            return try look(by: basis)
        } catch {
            // A catalog can be damaged where it is read only later.
            guard !basis.isDerived, let problem = try? Self.catalogFinding(error, layout) else {
                try judge.note(error)
                return nil
            }
            return try look(
                by: try VerificationBasis(
                    without: problem, layout, naming: basis.replicas, since: basis.start, operations))
        }
    }

    /// The keys of the log whose private parts are at hand, also one that came after the newest that the archive knows.
    ///
    /// - Parameter find: Finds the key of an archive.
    /// - Returns: Their public parts.
    package nonisolated func keysAtHand(_ find: LogKey.Finder) -> [VerifierKey] {
        VerifierKeyList.keysAtHand(layout, id, find, operations)
    }

    /// The tree head that a key signed last, as the record beside the key tells; none where that cannot be read, or is
    /// not signed by a key of this archive.
    ///
    /// - Parameter path: The file of the key.
    /// - Returns: The tree head, or nothing.
    package nonisolated func headsSigned(byKeyAt path: String) -> [TreeHead] {
        guard let keys = try? VerifierKeyList.read(layout.verifierKeys, operations),
            let bytes = try? operations.contents(
                of: SigningKey.recordPath(ofKeyAt: path), limit: SignedNote.largestSize + 1,
                followingLinks: true),
            let checkpoint = try? Checkpoint(bytes, signedBy: keys)
        else { return [] }
        return [checkpoint.head]
    }

    /// What keeps what a key signed last from being told, though its record is there; nil where nothing is there.
    ///
    /// - Parameter path: The file of the key.
    /// - Returns: A sentence.
    package nonisolated func problem(withRecordOf path: String) -> String? {
        let record = SigningKey.recordPath(ofKeyAt: path)
        do throws(FileError) {
            guard try operations.contentsIfThere(of: record, limit: 1, followingLinks: true) != nil else {
                return nil
            }
            return
                "Nothing in \(record) is signed by a key of the archive, so nothing tells what its key signed last."
        } catch {
            return "Nothing tells what the key of the archive signed last (\(error))."
        }
    }
}
