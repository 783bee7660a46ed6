import Foundation
import RecordingArchive
import TestSupport

extension DamageTests {
    static func files(_ place: String) -> [Case] {
        recordings(place) + sidecars(place) + quarantine(place) + manifests(place) + strays(place)
    }

    private static func recordings(_ place: String) -> [Case] {
        [
            Case("\(place): a bit of a FLAC file", { try $0.flip("\(place)/\($0.second.path)") }) {
                ["file.altered \(place)/\($0.second.path)"]
            },
            Case("\(place): a FLAC file is gone", { try $0.remove("\(place)/\($0.second.path)") }) {
                ["file.missing \(place)/\($0.second.path)"]
            },
            Case("\(place): a FLAC file is empty", { try $0.replace("\(place)/\($0.second.path)", Data()) }) {
                ["file.altered \(place)/\($0.second.path)"]
            },
            Case(
                "\(place): a folder has a FLAC file's name",
                {
                    try $0.remove("\(place)/\($0.second.path)")
                    try FileManager.default.createDirectory(
                        atPath: $0.scratch.folder("\(place)/\($0.second.path)"),
                        withIntermediateDirectories: false)
                }
            ) {
                ["file.missing \(place)/\($0.second.path)"]
            },
            Case(
                "\(place): FLAC files are swapped",
                { try $0.swap("\(place)/\($0.first.path)", "\(place)/\($0.second.path)") }
            ) {
                ["file.altered \(place)/\($0.first.path)", "file.altered \(place)/\($0.second.path)"]
            },
            Case(
                "\(place): a FLAC file has another name",
                {
                    try FileManager.default.moveItem(
                        atPath: $0.scratch.folder("\(place)/\($0.second.path)"),
                        toPath: $0.scratch.folder("\(place)/\($0.second.path.dropLast(5))-7.flac"))
                }
            ) {
                [
                    "file.missing \(place)/\($0.second.path)",
                    "file.stray \(place)/\($0.second.path.dropLast(5))-7.flac",
                ]
            },
            Case("\(place): a day is gone", { try $0.remove("\(place)/recordings/office/2020/01/03") }) {
                [
                    "file.missing \(place)/\($0.third.path)",
                    "sidecar.missing \(place)/\($0.sidecar($0.third))",
                ]
            },
        ]
    }

    private static func sidecars(_ place: String) -> [Case] {
        [
            Case("\(place): a bit of a sidecar", { try $0.flip("\(place)/\($0.sidecar($0.second))") }) {
                ["sidecar.altered \(place)/\($0.sidecar($0.second))"]
            },
            Case("\(place): a sidecar is gone", { try $0.remove("\(place)/\($0.sidecar($0.third))") }) {
                ["sidecar.missing \(place)/\($0.sidecar($0.third))"]
            },
            Case(
                "\(place): sidecars are swapped",
                { try $0.swap("\(place)/\($0.sidecar($0.first))", "\(place)/\($0.sidecar($0.second))") }
            ) {
                [
                    "sidecar.altered \(place)/\($0.sidecar($0.first))",
                    "sidecar.altered \(place)/\($0.sidecar($0.second))",
                ]
            },
            Case(
                "\(place): a caller in a sidecar",
                { try $0.edit("\(place)/\($0.sidecar($0.second))", #""caller":"2""#, #""caller":"3""#) }
            ) {
                ["sidecar.altered \(place)/\($0.sidecar($0.second))"]
            },
            Case(
                "\(place): a hold is taken out of a sidecar",
                { fixture in
                    let path = "\(place)/\(fixture.sidecar(fixture.first))"
                    let text = fixture.scratch.folder.text(path) ?? ""
                    let mark = text.split(separator: #""holds":["#).last?.split(separator: "]").first ?? ""
                    try fixture.edit(path, String(mark), "")
                }
            ) {
                ["sidecar.altered \(place)/\($0.sidecar($0.first))"]
            },
        ]
    }

    private static func quarantine(_ place: String) -> [Case] {
        [
            Case("\(place): a source in quarantine", { try $0.flip("\(place)/\($0.quarantined.path)") }) {
                ["file.altered \(place)/\($0.quarantined.path)"]
            },
            Case(
                "\(place): the sidecar of a source in quarantine",
                { try $0.remove("\(place)/\($0.sidecar($0.quarantined))") }
            ) {
                ["sidecar.missing \(place)/\($0.sidecar($0.quarantined))"]
            },
            Case("\(place): a bit of a report", { try $0.flip("\(place)/\($0.report($0.quarantined))") }) {
                ["file.altered \(place)/\($0.report($0.quarantined))"]
            },
            Case("\(place): a report is gone", { try $0.remove("\(place)/\($0.report($0.quarantined))") }) {
                ["file.missing \(place)/\($0.report($0.quarantined))"]
            },
        ]
    }

    private static func manifests(_ place: String) -> [Case] {
        [
            Case("\(place): a bit of a manifest", { try $0.flip("\(place)/\($0.manifest($0.first))") }) {
                ["manifest.differs \(place)/\($0.manifest($0.first))"]
            },
            Case(
                "\(place): the end of a manifest",
                {
                    let text = $0.scratch.folder.text("\(place)/\($0.manifest($0.first))") ?? ""
                    try $0.replace("\(place)/\($0.manifest($0.first))", Data(text.dropLast().utf8))
                }
            ) {
                ["manifest.differs \(place)/\($0.manifest($0.first))"]
            },
            Case(
                "\(place): a manifest has a line twice",
                {
                    let text = $0.scratch.folder.text("\(place)/\($0.manifest($0.third))") ?? ""
                    try $0.replace("\(place)/\($0.manifest($0.third))", Data((text + text).utf8))
                }
            ) {
                ["manifest.differs \(place)/\($0.manifest($0.third))"]
            },
            Case("\(place): a manifest is gone", { try $0.remove("\(place)/\($0.manifest($0.third))") }) {
                ["manifest.differs \(place)/\($0.manifest($0.third))"]
            },
        ]
    }

    private static func strays(_ place: String) -> [Case] {
        [
            Case(
                "\(place): files too many",
                {
                    try $0.scratch.folder.write([1], to: "\(place)/recordings/office/extra.flac")
                    try $0.scratch.folder.write([1], to: "\(place)/\($0.second.path).bak")
                    try $0.scratch.folder.write([1], to: "\(place)/quarantine/notes.txt")
                }
            ) {
                [
                    "file.stray \(place)/recordings/office/extra.flac",
                    "file.stray \(place)/\($0.second.path).bak", "file.stray \(place)/quarantine/notes.txt",
                ]
            },
            Case(
                "\(place): a recording is there twice",
                { fixture in
                    for path in [fixture.second.path, fixture.sidecar(fixture.second)] {
                        let copy =
                            "\(place)/recordings/office/2020/02/01/\(path.split(separator: "/").last ?? "")"
                        let text = fixture.scratch.folder.text("\(place)/\(path)") ?? ""
                        try fixture.scratch.folder.write(Array(text.utf8), to: copy)
                    }
                }
            ) { fixture in
                [fixture.second.path, fixture.sidecar(fixture.second)].map {
                    "file.stray \(place)/recordings/office/2020/02/01/\($0.split(separator: "/").last ?? "")"
                }
            },
            Case(
                "\(place): an erased recording is put back",
                { fixture in
                    for (path, data) in fixture.erasedFiles { try fixture.replace("\(place)/\(path)", data) }
                }
            ) {
                $0.erasedFiles.keys.map { "erasure.undone \(place)/\($0)" }
            },
            Case(
                "\(place): something is left in incoming",
                { try $0.scratch.folder.write([1], to: "\(place)/incoming/.voxkeep-1-1.tmp") }
            ) { _ in
                ["file.unfinished \(place)/incoming/.voxkeep-1-1.tmp"]
            },
            Case(
                "\(place): incoming has what no run looks for there",
                { try $0.scratch.folder.write([1], to: "\(place)/incoming/foo") }
            ) { _ in
                ["file.stray \(place)/incoming/foo"]
            },
        ]
    }
}
