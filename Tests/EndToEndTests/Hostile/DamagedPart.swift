import Foundation
import TestSupport
import Testing

/// A part of an archive or a replica, and what has become of it.
struct DamagedPart: CustomStringConvertible {
    enum Part: String, CaseIterable {
        case catalog = "catalog.sqlite"
        case journal = "journal/000000.jsonl"
        case tile = "log/tile/0/000.p/*"
        case bundle = "log/tile/entries/000.p/*"
        case checkpoint = "log/checkpoint"
        case description = "archive.json"
        case keys = "verifier-keys.txt"
        case recording = "recordings/*.flac"
        case sidecar = "recordings/*.json"
        case manifest = "recordings/*manifest-sha256.txt"
        case listing = "listings/test.json"
        case stamp = "anchors/*.tsr"
        case stamped = "anchors/*.checkpoint"
    }

    enum Harm: String, CaseIterable { case removed, truncated, flipped, older }

    let place: String
    let part: Part
    let harm: Harm

    var description: String { "\(place)/\(part) \(harm)" }

    /// Does the damage; false where the part is none to be older than it is.
    func make(in archive: HostileArchive, _ random: inout SplitMix) throws -> Bool {
        let path = try archive.find("\(place)/\(part.rawValue)")
        var bytes = archive.scratch.bytes(path)
        let old = archive.scratch.bytes("older/" + path.dropFirst(place.utf8.count + 1))
        let isOlder = !old.isEmpty && old != bytes
        // What lacks lines of the journal is no damage: the next run that writes adds them.
        guard harm != .older || isOlder && part != .catalog && part != .listing else { return false }
        // Of a tile that has grown since nobody needs the narrower one.
        guard harm != .removed || part != .tile && part != .bundle else { return false }
        try FileManager.default.removeItem(atPath: archive.scratch(path))
        switch harm {
        case .removed: return true
        case .truncated: bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)))
        // What lies on the catalog's pages beside its rows is nothing; in its head nothing is.
        case .flipped:
            let range = part == .catalog ? 0..<16 : 0..<bytes.count
            bytes[Int.random(in: range, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .older: bytes = old
        }
        try archive.scratch.write(bytes, to: path)
        return true
    }
}
