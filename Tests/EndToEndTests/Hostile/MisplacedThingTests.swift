import Foundation
import TestSupport
import Testing

/// Pipes, sockets, links, folders and empty files in the place of everything that an archive consists of.
@Suite struct MisplacedThingTests {
    /// Files, as patterns, and the folders that an archive always has.
    private static let inArchiveAndReplica = [
        "archive.json", "verifier-keys.txt", "journal/000000.jsonl", "journal/lock", "log/checkpoint",
        "log/tile/0/000.p/*", "log/tile/entries/000.p/*", "anchors/*.checkpoint", "anchors/*.tsr",
        "anchors/*.tsq",
        "anchors/authorities.pem", "listings/test.json", "recordings/*.flac", "recordings/*.json",
        "recordings/*manifest-sha256.txt", "quarantine/*.wav", "quarantine/*.record.json", "incoming/foo",
        "incoming/0123456789abcdef0123456789abcdef.json",
        "incoming/0123456789abcdef0123456789abcdef.answer.json", "incoming/.voxkeep-1-1.tmp",
        "anchors", "incoming", "journal", "listings", "log", "log/tile", "quarantine", "recordings",
        "recordings/test/2026/01/05",
    ]
    private static let places =
        ["archive", "replica"].flatMap { place in inArchiveAndReplica.map { "\(place)/\($0)" } }
        + [
            "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "catalog.sqlite-journal",
            "catalog.sqlite.damaged", "lock", "log/lock", "journal/000001.jsonl", "recordings/latest",
        ].map { "archive/\($0)" } + ["replica", "log.key", "log.key.checkpoint"]

    /// In the place of these, the things do no harm: a lock's content is nothing, and what is empty says nothing.
    private static func isHarmless(_ thing: MisplacedThing, _ place: String) -> Bool {
        let folders = ["anchors", "incoming", "listings", "recordings/latest"]
        switch thing {
        case .emptyFile:
            return [
                "lock", "-wal", "-shm", "-journal", "000001.jsonl", ".tsq", "listings/test.json",
                "replica/anchors/authorities.pem",
            ].contains {
                place.hasSuffix($0)
            }
        case .folder, .filledFolder: return folders.contains { place.hasSuffix($0) }
        // The folder of a replica is for its owner to place, and so is the key.
        case .moved: return ["replica", "log.key", "log.key.checkpoint"].contains(place)
        default: return false
        }
    }

    /// What else can be tried in the place of a file, one by turns: `make test-faults` tries all.
    private static func things(for place: String) -> [MisplacedThing] {
        if FaultCoverage.isFull { return MisplacedThing.allCases }
        let phase = places.firstIndex(of: place) ?? 0
        let all = MisplacedThing.allCases
        return [all[phase % all.count]]
    }

    private static func verbs(_ id: String) -> [[String]] {
        let key = ["--key-file", "log.key"]
        return [
            ["hold", "--case", "1", "--reason", "r", id] + key, ["erase", "--ground", "g", id] + key,
            ["restore", id, "--output", "x.wav"], ["export", "--format", "bagit", "--output", "bag"] + key,
            ["replicate"] + key, ["rebuild-catalog"] + key, ["verify", "--repair"] + key,
            ["anchor", "--query", "q.tsq"] + key, ["verify", "--deep"] + key, ["status"], ["list"], ["audit"],
            ["prove", id], ["expire", "--dry-run"] + key, ["show", id], ["holds"],
            ["key", "rotate", "--reason", "r", "--new-key-file", "second.key"] + key,
        ]
    }

    @Test(arguments: places)
    func `are named by verify, which goes on`(place: String) async throws {
        for thing in Self.things(for: place) {
            let archive = try await HostileArchive()
            let comment: Comment = "\(thing) at \(place)"
            let damaged = try archive.find(
                place.contains("archive/quarantine") ? "archive/recordings*.flac" : "archive/quarantine*.wav")
            try archive.flip(damaged)
            let path = try archive.find(place)
            try thing.put(at: archive.scratch(path), movingTo: archive.outside.path)
            let before = archive.outsideContent()
            let result = try await archive.voxkeep(["verify", "--key-file", "log.key"])
            let text = result.text + result.diagnostics
            #expect(result.status == 1, "\(comment); \(result.status) \(text)")
            #expect(text.contains(damaged), "\(comment); \(text)")
            if !Self.isHarmless(thing, place) {
                let isCatalog = path.contains("catalog.sqlite")
                let name = isCatalog ? URL(filePath: path).lastPathComponent : path
                // A journal is told of as a whole.
                #expect(
                    text.contains(name) || path.contains("/journal") && text.contains("/journal "),
                    "\(comment); \(text)")
            }
            #expect(archive.outsideContent() == before, comment)
        }
    }

    @Test(arguments: places)
    func `keep no verb from ending with a sentence, and are not written through`(place: String) async throws {
        let phase = Self.places.firstIndex(of: place) ?? 0
        let things: [MisplacedThing] =
            FaultCoverage.isFull ? [.pipe, .filledFolder, .circle, .moved] : [[.moved, .pipe][phase % 2]]
        for thing in things {
            let count = Self.verbs("").count
            let chosen = FaultCoverage.isFull ? Array(0..<count) : [phase % count]
            for number in chosen {
                let archive = try await HostileArchive()
                let path = try archive.find(place)
                let id = try archive.recording()
                let words = Self.verbs(id)[number]
                let comment: Comment = "\(thing) at \(place); \(words.joined(separator: " "))"
                try thing.put(at: archive.scratch(path), movingTo: archive.outside.path)
                let before = archive.outsideContent()
                let result = try await archive.voxkeep(words)
                #expect(
                    ![70, 124].contains(result.status) && result.status < 128,
                    "\(comment); \(result.diagnostics)")
                #expect(archive.outsideContent() == before, "\(comment); \(result.text)\(result.diagnostics)")
                guard result.status > 1 else { continue }
                let lines = result.diagnostics.split(separator: "\n").filter { $0.hasPrefix("voxkeep: ") }
                #expect(lines.count == 1 && lines[0].hasSuffix("."), "\(comment); \(result.diagnostics)")
                let name = URL(filePath: path).lastPathComponent
                #expect(result.diagnostics.contains(name), "\(comment); \(result.diagnostics)")
            }
        }
    }
}
