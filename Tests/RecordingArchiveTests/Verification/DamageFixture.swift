import DurableFiles
import Foundation
import RecordingArchive
import TestSupport
import Testing

/// A small archive with all that one can have, and a copy of it to go back to.
///
/// Three recordings, the first of them held; a source in quarantine; an erased recording; a listing with a missing
/// message; a log; and a replica that is up to date.
final class DamageFixture: Sendable {
    let scratch: ScratchArchive
    let first: Recording
    let second: Recording
    let third: Recording
    let quarantined: Recording
    let erased: Recording

    /// The files of the erased recording, as they were, by their paths.
    let erasedFiles: [String: Data]

    private init(_ scratch: ScratchArchive, _ recordings: [Recording], erasedFiles: [String: Data]) {
        self.scratch = scratch
        (first, second, third) = (recordings[0], recordings[1], recordings[2])
        (quarantined, erased) = (recordings[3], recordings[4])
        self.erasedFiles = erasedFiles
    }

    static func make() async throws -> DamageFixture {
        let scratch = try ScratchArchive()
        let archive = try await scratch.open()
        try await archive.addReplica(scratch.folder("replica"))
        let recordings = [
            try await archive.addMessage(from: "1", retention: .tenYears),
            try await archive.addMessage(from: "2"),
            try await archive.addMessage(from: "3", day: 3),
            try await archive.quarantineSample(.sample(source: "source", stored: "source")),
            try await archive.addMessage(from: "5"),
        ]
        var files: [String: Data] = [:]
        for path in [recordings[4].path, recordings[4].path.dropLast(4) + "json"] {
            files[path] = try Data(contentsOf: URL(filePath: scratch.folder("archive/" + path)))
        }
        try await archive.noteListing(of: "office", [.message(from: "1"), .message(from: "9")])
        _ = try await archive.placeHold(
            case: "A", on: .ids([recordings[0].id]), future: false, reason: "letter of May")
        try await archive.flush()
        try FileManager.default.copyItem(atPath: scratch.path, toPath: scratch.folder("earlier"))
        try await archive.erase([recordings[4].id], ground: "request")
        try await archive.noteRead(of: recordings[1].id, how: "listen")
        try await archive.flush()
        _ = try await archive.replicate(to: scratch.folder("replica"))
        try await archive.close()
        try FileManager.default.createDirectory(
            atPath: scratch.folder("saved"), withIntermediateDirectories: false)
        for name in ["archive", "replica"] {
            try FileManager.default.copyItem(
                atPath: scratch.folder(name), toPath: scratch.folder("saved/" + name))
        }
        return DamageFixture(scratch, recordings, erasedFiles: files)
    }

    /// Makes archive and replica as they were.
    func restore() throws {
        for name in ["archive", "replica"] {
            if FileManager.default.fileExists(atPath: scratch.folder(name)) { try remove(name) }
            try FileManager.default.copyItem(
                atPath: scratch.folder("saved/" + name), toPath: scratch.folder(name))
        }
    }

    /// A finding as one line: its kind, and the item by its path in the scratch folder or by the recording's number.
    func line(_ finding: ArchiveFinding) -> String {
        var item = Folder.relativePath(of: finding.item, in: scratch.folder.path) ?? finding.item
        for (number, recording) in [first, second, third, quarantined, erased].enumerated()
        where item == recording.id {
            item = "recording \(number + 1)"
        }
        return "\(finding.kind.rawValue) \(item)"
    }

    /// The path of a recording's sidecar, relative to archive or replica.
    func sidecar(_ recording: Recording) -> String {
        recording.state == .archived
            ? recording.path.dropLast(4) + "json" : recording.path.dropLast(3) + "record.json"
    }

    func report(_ recording: Recording) -> String { recording.path.dropLast(3) + "json" }

    func manifest(_ recording: Recording) -> String {
        recording.path.split(separator: "/").dropLast().joined(separator: "/") + "/manifest-sha256.txt"
    }
}

/// Ways to do damage, on paths in the scratch folder.
extension DamageFixture {
    func flip(_ path: String, at offset: Int? = nil, bit: UInt8 = 1) throws {
        var data = try Data(contentsOf: URL(filePath: scratch.folder(path)))
        data[offset ?? data.count / 2] ^= bit
        try replace(path, data)
    }

    func replace(_ path: String, _ data: Data) throws {
        // Stored files are read-only.
        try? FileManager.default.removeItem(atPath: scratch.folder(path))
        try scratch.folder.write(data, to: path)
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: scratch.folder(path))
    }

    func swap(_ one: String, _ other: String) throws {
        let manager = FileManager.default
        try manager.moveItem(atPath: scratch.folder(one), toPath: scratch.folder("aside"))
        try manager.moveItem(atPath: scratch.folder(other), toPath: scratch.folder(one))
        try manager.moveItem(atPath: scratch.folder("aside"), toPath: scratch.folder(other))
    }

    /// Changes text in a file, which must be there.
    func edit(_ path: String, _ text: String, _ replacement: String) throws {
        let content = try #require(scratch.folder.text(path))
        let range = try #require(content.range(of: text), "\(text) in \(path)")
        try replace(path, Data(content.replacingCharacters(in: range, with: replacement).utf8))
    }

    /// Changes the lines of a journal.
    func editLines(_ place: String, _ change: (inout [String]) -> Void) throws {
        let path = "\(place)/journal/000000.jsonl"
        var lines = scratch.folder.lines(path)
        change(&lines)
        try replace(path, Data(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// Turns a value of a description around.
    func reverse(_ name: String, in path: String) throws {
        let text = try #require(scratch.folder.text(path))
        let value = text.split(separator: "\"\(name)\" : \"").last?.prefix { $0 != "\"" } ?? ""
        try edit(path, String(value), String(value.reversed()))
    }

    func sqlite(_ statements: String) throws {
        let output = try scratch.folder.sqlite(statements + "; SELECT 'done'")
        #expect(output.hasSuffix("done\n"))
    }

    /// Takes parts of the archive back to what they were before the newest entries.
    func rollBack(_ names: [String]) throws {
        for name in names {
            try? remove("archive/" + name)
            try FileManager.default.copyItem(
                atPath: scratch.folder("earlier/" + name), toPath: scratch.folder("archive/" + name))
        }
    }

    /// The number of the line of the journal that has a text.
    func line(with text: String) throws -> Int {
        try #require(
            scratch.folder.lines("archive/journal/000000.jsonl").firstIndex { $0.contains(text) })
    }
}
