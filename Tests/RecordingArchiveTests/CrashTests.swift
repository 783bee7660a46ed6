import Digests
import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Lets every file operation of storing a message go wrong once, the log's included, and looks at what a reader and the
/// next run find.
struct CrashTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: FaultyFileOperations.Fault
        let hasHardLinks: Bool
        var testDescription: String { "\(fault), hard links: \(hasHardLinks)" }
    }

    /// Hard links make a difference to what is done, and so to a failure and a kill, but not to which failure it is.
    static let cases =
        FaultyFileOperations.Fault.allCases.map { Case(fault: $0, hasHardLinks: true) }
        + [.failure, .kill].map { Case(fault: $0, hasHardLinks: false) }

    /// Stores what is missing, and closes the archive, with the n-th operation going wrong, for each n in turn.
    private func exhaust(
        _ item: Case, _ template: ScratchArchive, expected: Int, files: Int,
        _ store: (RecordingArchive) async throws -> Recording
    ) async throws {
        // The operations that open an archive have tests of their own.
        let first = try await template.operationsOfOpening() + 1
        var position = first + FaultCoverage.offset(item.testDescription)
        while true {
            let scratch = try ScratchArchive(copying: template)
            let before = try await scratch.openForReading().all()
            let operations = FaultyFileOperations(item.fault, at: position, hasHardLinks: item.hasHardLinks)
            var acknowledged = before
            do {
                let archive = try await scratch.open(operations: operations)
                while try await archive.count(of: .sample) < expected {
                    acknowledged.append(try await store(archive))
                }
                try await archive.close()
            } catch is ArchiveError {
            } catch is FileError {}
            let step: Comment = "\(operations.trace.prefix(position).suffix(3)), operation \(position)"

            let reader = try await scratch.openForReading()
            #expect(Set(acknowledged).isSubset(of: try await reader.all()), step)
            let damage = try await scratch.findings().filter(\.kind.isDamage)
            #expect(damage.isEmpty, step)

            let archive = try await scratch.open()
            while try await archive.count(of: .sample) < expected { _ = try await store(archive) }
            let recordings = try await archive.all()
            #expect(Set(acknowledged).isSubset(of: recordings), step)
            #expect(recordings.count { $0.facts.identity == .sample } == expected, step)
            let ordinals = recordings.filter { $0.facts.identity == .sample }.map(\.ordinal)
            #expect(Set(ordinals) == Set(1...expected), step)
            try await archive.close()
            let findings = try await scratch.findings()
            #expect(findings.isEmpty, step)
            #expect(try scratch.journalAgreesWithLog(), step)
            #expect(scratch.folder.content().count == files, step)
            #expect(
                !scratch.folder.files().contains { $0.hasPrefix("archive/") && $0.hasSuffix(".tmp") }, step)
            if !operations.hasStruck { break }
            position += FaultCoverage.stride
        }
        #expect(position - first > 40)
    }

    /// An archive with one recording, one source in quarantine and a log.
    private func template() async throws -> ScratchArchive {
        let template = try ScratchArchive()
        let archive = try await template.open()
        try await archive.addMessage(from: "3000")
        let identity = MessageIdentity.message(from: "3001")
        try await archive.quarantineSample(
            .sample(identity, source: "broken", stored: "broken"), source: "broken")
        try await archive.close()
        return template
    }

    @Test(arguments: cases)
    func `holds a message once, whatever went wrong while it was added`(item: Case) async throws {
        // Two recordings with their sidecars, a source with report and sidecar, and three manifests.
        try await exhaust(item, try await template(), expected: 1, files: 9) { try await $0.addSample() }
    }

    @Test(arguments: [FaultyFileOperations.Fault.failureAfterwards, .kill])
    func `holds equal messages as often as they are listed`(fault: FaultyFileOperations.Fault) async throws {
        let template = try await template()
        let archive = try await template.open()
        try await archive.addSample()
        try await archive.close()
        try await exhaust(Case(fault: fault, hasHardLinks: true), template, expected: 2, files: 11) {
            try await $0.addSample()
        }
    }

    @Test(arguments: cases)
    func `holds a source in quarantine once, with its report`(item: Case) async throws {
        try await exhaust(item, try await template(), expected: 1, files: 10) {
            try await $0.quarantineSample(.sample(source: "source", stored: "source"))
        }
    }
}
