internal import Digests
internal import DurableFiles
internal import TransparencyLog

/// Holds one recording's file and sidecar, in the archive or in a replica, against what the log says of it.
struct RecordingCheck {
    /// What the log says.
    struct Expected {
        let record: String
        let stored: Digest
        let storedSize: Int64
        let original: Digest
        let commitment: Digest
        let state: String
        let retention: String

        /// Reads an ingest's entry; nil where it is of another form.
        init?(_ entry: CanonicalJSON) {
            guard let record = entry["record"]?.stringValue,
                let stored = entry["stored"]?.stringValue.flatMap({ Digest(hexadecimal: $0) }),
                let storedSize = entry["storedSize"]?.integerValue,
                let original = entry["original"]?.stringValue.flatMap({ Digest(hexadecimal: $0) }),
                let commitment = entry["metadata"]?.stringValue.flatMap({ Digest(hexadecimal: $0) }),
                let state = entry["state"]?.stringValue, let retention = entry["retention"]?.stringValue
            else { return nil }
            self.state = state
            self.retention = retention
            self.record = record
            self.stored = stored
            self.storedSize = storedSize
            self.original = original
            self.commitment = commitment
        }

        /// Takes what a row says for true, where neither log nor journal tell of its ingest any more.
        init(_ sidecar: Sidecar) throws(ArchiveError) {
            state = sidecar.state.rawValue
            retention = sidecar.retention.policy.description
            record = sidecar.id
            stored = sidecar.facts.stored.sha256
            storedSize = sidecar.facts.stored.size
            original = sidecar.facts.source.sha256
            commitment = try sidecar.commitment()
        }
    }

    let layout: ArchiveLayout
    let replica: String?
    let operations: any FileOperations
    let restoring: VerificationPlan.Restoration?
    /// Whether all that the journal calls for has been done.
    let isSettled: Bool
    /// Whether it is known which retention, holds and answers a sidecar must show.
    let knowsState: Bool
    let report: (ArchiveFinding) -> Void

    /// Checks the file: there, of these bytes, and, where that is asked for, with this original in it.
    func checkFile(_ path: String, _ state: Recording.State, _ expected: Expected) {
        let file = layout.absolute(path)
        do throws(FileError) {
            guard let status = try operations.status(of: file, followingLinks: false) else {
                return note(.fileMissing, file, expected, "is missing; restore it from a copy")
            }
            guard status.kind != .link else {
                return note(
                    .fileAltered, file, expected, "is a symbolic link and no file; restore it from a copy")
            }
            guard status.kind == .file else {
                return note(
                    .fileMissing, file, expected,
                    "is no file; move away what is there, and restore it from a copy")
            }
            guard status.size == expected.storedSize else {
                note(
                    .fileAltered, file, expected,
                    "has \(status.size) bytes where \(expected.storedSize) were stored; restore it from a copy"
                )
                return checkAudio(file, state, expected)
            }
        } catch {
            return note(.fileUnreadable, file, expected, "cannot be examined (\(error))")
        }
        if checkBytes(file, expected.stored, expected) { checkAudio(file, state, expected) }
    }

    /// Compares a file with what was stored.
    ///
    /// - Returns: Whether it could be read at all.
    private func checkBytes(_ file: String, _ digest: Digest, _ expected: Expected) -> Bool {
        do throws(ArchiveError) {
            if try FileDigest.of(file, operations) != digest {
                note(.fileAltered, file, expected, "has other bytes than were stored; restore it from a copy")
            }
            return true
        } catch {
            if case .file(let error) = error, error.kind == .missing {
                // It went after it was looked at.
                note(.fileMissing, file, expected, "is missing; restore it from a copy")
            } else {
                note(.fileUnreadable, file, expected, "cannot be read (\(error))")
            }
            return false
        }
    }

    /// Of a file that was altered, this tells whether the original can still be had from it.
    private func checkAudio(_ file: String, _ state: Recording.State, _ expected: Expected) {
        guard let restoring, state == .archived else { return }
        do {
            guard try restoring(file) == expected.original else {
                return note(
                    .originalDiffers, file, expected,
                    "restores to another original than the PBX sent; compare it with a copy")
            }
        } catch is VerificationPlan.OriginalMismatch {
            note(
                .originalDiffers, file, expected,
                "restores to another original than it says itself; compare it with a copy")
        } catch {
            note(.audioDamaged, file, expected, "cannot be restored (\(error)); restore it from a copy")
        }
    }

    /// Checks the sidecar: there, as its facts were when the log took them in, and as the catalog has it.
    ///
    /// - Parameters:
    ///   - current: What the file should be.
    ///   - expected: What the log says of the recording.
    ///   - answers: The commitments to the answers that it should have, by the names of the hooks.
    /// - Returns: Whether the facts in the file are those of the log.
    @discardableResult
    func checkSidecar(_ current: Sidecar, _ expected: Expected, answers: [String: String]) -> Bool {
        let path = layout.absolute(Sidecar.path(of: current.path, current.state))
        if let problem = FileForm.problem(at: path, operations) {
            note(.sidecarAltered, path, expected, "\(problem); restore it from a copy")
            return false
        }
        let found: Sidecar?
        do throws(ArchiveError) {
            found = try Sidecar.read(path, operations)
        } catch {
            if case .file(let error) = error, !error.isNoFile {
                note(.sidecarUnreadable, path, expected, "cannot be read (\(error))")
            } else {
                note(.sidecarAltered, path, expected, "was changed; restore it from a copy")
            }
            return false
        }
        guard let found else {
            note(.sidecarMissing, path, expected, "is missing; restore it from a copy")
            return false
        }
        guard found.id == expected.record, (try? found.commitment()) == expected.commitment,
            found.path == current.path, found.ordinal == current.ordinal, found.state == current.state
        else {
            note(.sidecarAltered, path, expected, "was changed; restore it from a copy")
            return false
        }
        guard knowsState else { return true }
        let (shown, retention) = (found.retention, current.retention)
        if shown.policy != retention.policy || shown.event != retention.event || found.holds != current.holds
            || (try? found.answerCommitments()) != answers
        {
            if isSettled {
                note(
                    .sidecarAltered, path, expected,
                    "shows another retention, other holds or other answers than the journal; restore it from a copy"
                )
            } else {
                note(
                    .sidecarOutdated, path, expected,
                    "does not show the newest retention, holds and answers; the next run that writes renews it"
                )
            }
        }
        return true
    }

    /// Checks the report of a source in quarantine: there, and of the bytes that the journal tells of.
    func checkReport(of file: String, _ digest: Digest, _ expected: Expected) {
        let path = layout.absolute(RecordingArchive.reportPath(of: file))
        do throws(FileError) {
            guard try operations.status(of: path, followingLinks: false)?.kind == .file else {
                return note(.fileMissing, path, expected, "is missing; restore it from a copy")
            }
        } catch {
            return note(.fileUnreadable, path, expected, "cannot be examined (\(error))")
        }
        _ = checkBytes(path, digest, expected)
    }

    private func note(
        _ kind: ArchiveFinding.Kind, _ item: String, _ expected: Expected, _ message: String
    ) {
        report(
            ArchiveFinding(kind, item: item, replica: replica, record: expected.record, "\(item) \(message)"))
    }
}
