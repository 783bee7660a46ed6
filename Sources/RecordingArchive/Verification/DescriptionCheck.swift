internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Tells the description that an archive was made with from others, whether they lie in the archive or in a copy.
///
/// The id is in the name of the log, the key of pseudonyms in the message key of each ingest, and when the archive was made
/// just before the journal's first line.
struct DescriptionCheck {
    private let layouts: [ArchiveLayout]
    private let operations: any FileOperations
    private let id: String?
    private var samples: [(identity: MessageIdentity, key: String)] = []
    private var begin: Date?

    /// How many recordings the key of pseudonyms is tried on; any of their sidecars can be damaged.
    private static let sampleCount = 8

    /// Gathers what descriptions are held against.
    ///
    /// - Parameters:
    ///   - layouts: The archive, and behind it the copies that can be reached.
    ///   - id: The archive's id; nil where nothing else tells it.
    ///   - operations: The system calls.
    init(_ layouts: [ArchiveLayout], id: String?, _ operations: any FileOperations) {
        self.layouts = layouts
        self.operations = operations
        self.id = id
        let sidecars = Self.someSidecars(layouts, operations)
        for layout in layouts {
            guard samples.isEmpty || begin == nil else { break }
            gather(from: layout, sidecars)
        }
    }

    /// The description of the archive, wherever it is; nil where none is right.
    var right: ArchiveDescription? {
        let candidates = layouts.compactMap { candidate(in: $0) }
        return candidates.min { distance(of: $0) < distance(of: $1) }
    }

    /// What is wrong with the description in a place, worded to follow its path; nil where nothing is.
    func problem(in layout: ArchiveLayout, _ right: ArchiveDescription?) -> String? {
        let path = layout.description
        if let problem = FileForm.problem(at: path, operations) { return problem }
        do throws(FileError) {
            guard try operations.status(of: path) != nil else { return "is missing" }
            _ = try operations.contents(of: path, limit: 1)
        } catch {
            return "cannot be read (\(error))"
        }
        guard let found = candidate(in: layout), found == right else {
            return "is not the one that the archive was made with"
        }
        return nil
    }

    private func candidate(in layout: ArchiveLayout) -> ArchiveDescription? {
        guard FileForm.problem(at: layout.description, operations) == nil,
            let description = try? ArchiveDescription.read(layout, operations),
            let bytes = try? description.bytes(layout),
            (try? operations.contents(of: layout.description, limit: bytes.count + 1)) == bytes,
            id == nil || description.id == id,
            samples.isEmpty
                || samples.contains(where: {
                    ArchiveDescription.messageKey(of: $0.identity, key: description.pseudonymKey) == $0.key
                })
        else { return nil }
        return description
    }

    /// How far a description's time is from when the archive began; what comes after that is farthest.
    private func distance(of description: ArchiveDescription) -> TimeInterval {
        guard let created = try? Date(description.created, strategy: .iso8601) else { return .infinity }
        guard let begin else { return 0 }
        let seconds = begin.timeIntervalSince(created)
        // It is written without the part of a second.
        return seconds < -1 ? .greatestFiniteMagnitude : abs(seconds)
    }

    /// Reads a journal until the ingests of the sidecars were found.
    private mutating func gather(from layout: ArchiveLayout, _ sidecars: [String: [Sidecar]]) {
        guard var reader = try? JournalReader(of: layout, operations: operations) else { return }
        var left = sidecars
        while let line = try? reader.next() {
            if begin == nil, !line.isForeign { begin = line.at.date }
            if left.isEmpty { return }
            guard let ingest = line.telling(RecordingIngested.self),
                let candidates = left.removeValue(forKey: ingest.record),
                let sidecar = candidates.first(where: { (try? $0.commitment()) == ingest.commitment })
            else { continue }
            samples.append((sidecar.facts.identity, ingest.messageKey))
        }
    }

    private static func someSidecars(
        _ layouts: [ArchiveLayout], _ operations: any FileOperations
    ) -> [String: [Sidecar]] {
        struct Enough: Error {}
        var found: [String: [Sidecar]] = [:]
        for layout in layouts {
            var count = 0
            for state in Recording.State.allCases {
                try? FolderWalk.files(
                    below: ArchiveLayout.folderName(of: state), in: layout, operations
                ) { path in
                    guard path.hasSuffix(".json"),
                        let sidecar = try? Sidecar.read(layout.absolute(path), operations)
                    else { return }
                    found[sidecar.id, default: []].append(sidecar)
                    count += 1
                    if count >= sampleCount { throw Enough() }
                }
            }
        }
        return found
    }
}
