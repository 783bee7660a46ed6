import DurableFiles
import FileFaults
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// Lets every file operation of storing a message go wrong once, starts again as the next run would, and looks for
/// the message exactly once.
struct CrashTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let fault: FaultyFileOperations.Fault
        let hasHardLinks: Bool
        var testDescription: String { "\(fault), hard links: \(hasHardLinks)" }
    }

    private static let cases = FaultyFileOperations.Fault.allCases.flatMap { fault in
        [Case(fault: fault, hasHardLinks: true), Case(fault: fault, hasHardLinks: false)]
    }

    /// Runs `store` with each operation failing, then again as often as the archive lacks messages.
    private func exhaust(
        _ item: Case, expected: Int, files: Int,
        _ store: (RecordingArchive) async throws -> Void
    ) async throws {
        // The operations that open the archive have tests of their own.
        var position = try await openingOperations() + 1
        let first = position
        while true {
            let folder = try ScratchFolder(inMemory: true)
            _ = try await RecordingArchive.open(at: folder("archive"), access: .write)
            let operations = FaultyFileOperations(item.fault, at: position, hasHardLinks: item.hasHardLinks)
            do {
                let archive = try await RecordingArchive.open(
                    at: folder("archive"), access: .write, context: ArchiveContext(operations: operations))
                while try await archive.count(of: .sample) < expected { try await store(archive) }
            } catch is ArchiveError {
            } catch is FileError {}
            #expect(try await rowsWithoutFiles(folder).isEmpty, "after \(operations.trace.last ?? "")")

            let archive = try await RecordingArchive.open(at: folder("archive"), access: .write)
            while try await archive.count(of: .sample) < expected { try await store(archive) }
            let recordings = try await archive.all()
            #expect(recordings.count == expected)
            #expect(Set(recordings.map(\.ordinal)) == Set(1...expected))
            #expect(
                folder.audio().count == files, "after \(operations.trace.last ?? ""): \(folder.content())")
            for recording in recordings { #expect(folder.text("archive/" + recording.path) == "stored") }
            if !operations.hasStruck { break }
            position += 1
        }
        #expect(position - first > 10 * expected)
    }

    private func openingOperations() async throws -> Int {
        let folder = try ScratchFolder(inMemory: true)
        _ = try await RecordingArchive.open(at: folder("archive"), access: .write)
        let operations = FaultyFileOperations()
        _ = try await RecordingArchive.open(
            at: folder("archive"), access: .write, context: ArchiveContext(operations: operations))
        return operations.trace.count
    }

    private func rowsWithoutFiles(_ folder: ScratchFolder) async throws -> [String] {
        let archive = try await RecordingArchive.open(at: folder("archive"), access: .read)
        var paths: [String] = []
        for recording in try await archive.all() where folder.text("archive/" + recording.path) != "stored" {
            paths.append(recording.path)
        }
        return paths
    }

    @Test(arguments: cases)
    private func `holds a message once, whatever went wrong while it was added`(item: Case) async throws {
        try await exhaust(item, expected: 1, files: 1) { try await $0.addSample() }
    }

    @Test(arguments: cases.filter(\.hasHardLinks))
    private func `holds equal messages as often as they are listed`(item: Case) async throws {
        try await exhaust(item, expected: 2, files: 2) { try await $0.addSample() }
    }

    @Test(arguments: cases)
    private func `holds a source in quarantine once, with its report`(item: Case) async throws {
        try await exhaust(item, expected: 1, files: 1) {
            try await $0.quarantineSample(.sample(source: "stored"), source: "stored")
        }
    }
}
