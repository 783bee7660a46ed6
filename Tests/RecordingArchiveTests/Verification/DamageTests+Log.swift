import Foundation
import RecordingArchive
import TestSupport

extension DamageTests {
    /// The newest tile of a level of the log.
    private static func tile(_ fixture: DamageFixture, _ place: String, _ level: String) -> String {
        let folder = "\(place)/log/tile/\(level)/000.p"
        let saved = fixture.scratch.folder("saved/" + folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: saved)) ?? []
        return "\(folder)/\(names.compactMap { Int($0) }.max() ?? 0)"
    }

    static func logs(_ place: String) -> [Case] {
        [
            Case("\(place): a bit of a tile", { try $0.flip(tile($0, place, "0")) }) {
                ["log.damaged \(tile($0, place, "0"))"]
            },
            Case("\(place): a tile is gone", { try $0.remove(tile($0, place, "0")) }) {
                ["log.damaged \(tile($0, place, "0"))"]
            },
            Case("\(place): a bit of an entry", { try $0.flip(tile($0, place, "entries")) }) {
                ["log.entry-altered \(tile($0, place, "entries"))"]
            },
            Case("\(place): the length of an entry", { try $0.flip(tile($0, place, "entries"), at: 0) }) {
                ["log.damaged \(tile($0, place, "entries"))"]
            },
            Case("\(place): the entries are gone", { try $0.remove(tile($0, place, "entries")) }) {
                ["log.damaged \(tile($0, place, "entries"))"]
            },
            Case("\(place): a bit of the root", { try $0.flip("\(place)/log/checkpoint", at: 60) }) { _ in
                ["log.signature \(place)/log/checkpoint"]
            },
            Case(
                "\(place): a bit of the signature",
                {
                    let text = $0.scratch.folder.text("\(place)/log/checkpoint") ?? ""
                    try $0.flip("\(place)/log/checkpoint", at: text.utf8.count - 20)
                }
            ) { _ in
                ["log.signature \(place)/log/checkpoint"]
            },
            Case("\(place): the checkpoint is gone", { try $0.remove("\(place)/log/checkpoint") }) { _ in
                ["log.signature \(place)/log/checkpoint"]
            },
            Case("\(place): the log is gone", { try $0.remove("\(place)/log") }) { _ in
                ["log.signature \(place)/log/checkpoint"]
            },
            Case(
                "\(place): a file too many in the log",
                { try $0.scratch.folder.write([1], to: "\(place)/log/tile/notes.txt") }
            ) { _ in
                ["log.stray \(place)/log/tile/notes.txt"]
            },
            Case(
                "\(place): a bit of the verifier key", { try $0.flip("\(place)/verifier-keys.txt", at: 60) }
            ) { _ in
                ["log.signature \(place)/verifier-keys.txt"]
            },
            Case("\(place): the verifier keys are gone", { try $0.remove("\(place)/verifier-keys.txt") }) {
                _ in
                ["log.signature \(place)/verifier-keys.txt"]
            },
        ]
    }
}
