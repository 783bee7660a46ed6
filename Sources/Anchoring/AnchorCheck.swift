internal import Digests
package import RecordingArchive
package import Timestamps
package import TransparencyLog

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// What the anchors of an archive's log are worth: each is a checkpoint that an authority outside has stamped.
package struct AnchorCheck: Sendable {
    /// An anchor that holds.
    package struct Proved: Sendable {
        /// The names of its files without their endings.
        package let name: String
        /// The state of the log that was stamped.
        package let head: TreeHead
        /// When it was stamped.
        package let time: Date
        /// When it was stamped, ISO 8601.
        package let timeText: String
        /// Who stamped it.
        package let authority: TimestampAuthority
    }

    /// The anchors that hold, by tree size.
    package var proved: [Proved] = []
    /// What is wrong with the others.
    package var findings: [ArchiveFinding] = []
    /// Whether it was known which authorities to trust.
    package var isTrusted = false
    /// Anchors whose answer has not come.
    package var pending: [StoredAnchor] = []

    /// Makes the check of an archive without anchors.
    package init() {}

    /// The newest time that an authority has vouched for; nil where there is none.
    package var newestTime: Date? { proved.map(\.time).max() }

    /// Checks the anchors of an archive.
    ///
    /// That the log extends what was stamped is for a verification of the log to find, which is to be given the heads.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - roots: The authorities that are trusted; nil for those that the archive keeps, if any.
    /// - Returns: What was found.
    package static func run(
        _ archive: RecordingArchive, trusting roots: TimestampCertificates? = nil
    ) async -> AnchorCheck {
        var check = AnchorCheck()
        var roots = roots
        if roots == nil {
            do {
                roots = try archive.anchorAuthorities().map { try TimestampCertificates(pem: $0) }
            } catch {
                let item = "\(archive.path)/anchors/authorities.pem"
                check.findings.append(
                    ArchiveFinding(
                        .anchorInvalid, item: item,
                        "the authorities of time stamps in \(item) cannot be told: \(error)"))
            }
        }
        check.isTrusted = roots != nil
        // A list of keys that is damaged is for a verification of the log to tell.
        guard let keys = try? archive.verifierKeys() else { return check }
        for anchor in archive.anchors() {
            guard let answer = anchor.answer else {
                check.pending.append(anchor)
                continue
            }
            do {
                check.proved.append(try await prove(anchor, answer, keys, roots))
            } catch {
                let item = "\(archive.path)/anchors/\(anchor.name).tsr"
                check.findings.append(
                    ArchiveFinding(
                        .anchorInvalid, item: item,
                        "the time stamp \(item) does not hold: \(error)"))
            }
        }
        return check
    }

    /// Checks an answer to the query of an anchor.
    ///
    /// - Throws: `NoteError` for a checkpoint that no known key has signed, `TimestampError`.
    package static func prove(
        _ anchor: StoredAnchor, _ answer: [UInt8], _ keys: [VerifierKey], _ roots: TimestampCertificates?
    ) async throws -> Proved {
        let checkpoint = try Checkpoint(anchor.checkpoint, signedBy: keys)
        let answer = try TimestampAnswer(answer)
        let authority = try await answer.verify(
            SHA256Hasher.digest(of: anchor.checkpoint), nonce: anchor.nonce, trusting: roots)
        return Proved(
            name: anchor.name, head: checkpoint.head, time: answer.info.time.date,
            timeText: answer.info.time.text, authority: authority)
    }
}
