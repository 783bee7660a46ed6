internal import ByteSources
internal import Digests
package import Foundation
internal import RecordingArchive

/// Makes a lost catalog anew from the files that an archive holds.
package enum CatalogRebuild {
    /// Reads every file and writes a new catalog.
    ///
    /// - Parameters:
    ///   - archive: The archive's folder.
    ///   - now: The time that rows are given as that of their making, which no file tells.
    /// - Returns: How many recordings were found, and the files that could not be read, with the reasons.
    /// - Throws: `ArchiveError`.
    package static func run(
        at archive: String, now: Date = Date()
    ) async throws -> (recordings: Int, failures: [(path: String, reason: String)]) {
        let scan = Scan(
            root: URL(filePath: archive).standardizedFileURL.path, archivedAt: now.formatted(.iso8601))
        let found = scan.run()
        let recordings = AsyncThrowingStream<Recording, any Error> { continuation in
            for recording in found.recordings { continuation.yield(recording) }
            continuation.finish()
        }
        let count = try await RecordingArchive.rebuildCatalog(at: archive, from: recordings)
        return (count, found.failures)
    }

    private struct Scan {
        let root: String
        let archivedAt: String

        func run() -> (recordings: [Recording], failures: [(path: String, reason: String)]) {
            var recordings: [Recording] = []
            var failures: [(path: String, reason: String)] = []
            var ordinals: [Key: Int] = [:]
            for state in Recording.State.allCases {
                for path in paths(of: state) {
                    do {
                        guard let facts = try facts(of: path, state) else { continue }
                        let key = Key(identity: facts.identity, source: facts.source.sha256)
                        ordinals[key, default: 0] += 1
                        recordings.append(
                            Recording(
                                id: UUID().uuidString.filter { $0 != "-" }.lowercased(),
                                sequence: Int64(recordings.count), ordinal: ordinals[key] ?? 1, state: state,
                                path: path, messageKey: String(repeating: "0", count: 32),
                                ingestEntry: Int64(recordings.count), retention: .forever, facts: facts))
                    } catch {
                        failures.append((path, "\(error)"))
                    }
                }
            }
            return (recordings, failures)
        }

        private func paths(of state: Recording.State) -> [String] {
            let (folder, suffix) = state == .archived ? ("recordings", ".flac") : ("quarantine", ".json")
            let names =
                FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String }
                ?? []
            // Names sort as they were given: a first file before its "-2".
            return names.filter { $0.hasSuffix(suffix) }.sorted {
                ($0.count, $0) < ($1.count, $1)
            }.map { "\(folder)/\($0.dropLast(suffix.count))" + (state == .archived ? ".flac" : ".wav") }
        }

        private func facts(of path: String, _ state: Recording.State) throws -> RecordingFacts? {
            switch state {
            case .archived:
                return try ArchivedFacts.read("\(root)/\(path)", archivedAt: archivedAt)
            case .quarantined:
                let report = try FileByteSource(path: "\(root)/\(path.dropLast(4)).json")
                return try QuarantineReport.facts(in: report.bytes(at: 0, count: 16 << 20))
            }
        }
    }

    private struct Key: Hashable {
        let identity: MessageIdentity
        let source: Digest
    }
}
