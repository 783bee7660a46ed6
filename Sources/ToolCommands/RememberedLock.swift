internal import DurableFiles
internal import Foundation
internal import PBXClient

/// Until when a PBX has locked this machine out, in a file for each PBX beside the keys of archives.
///
/// It is kept as well as it can be: without it no more is lost than the time in a sentence.
struct RememberedLock: Sendable {
    private let path: String

    /// Names the file of a PBX.
    init(of address: PBXAddress, in folder: String = KeyOption.configurationFolder()) {
        let name = "\(address.host):\(address.port)".map { character in
            character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
                ? character : "-"
        }
        path = Folder.path(folder, "voxkeep/locks/" + String(name.prefix(200)))
    }

    /// The memory that a session asks and tells.
    var memory: LockMemory {
        let path = path
        return LockMemory(
            recall: {
                guard let bytes = try? ReadableFile(path: path).contents(limit: 64) else { return nil }
                let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
                return try? Date(text, strategy: .iso8601)
            },
            keep: { end in
                guard let end else {
                    try? FileManager.default.removeItem(atPath: path)
                    return
                }
                try? Folder.makeDurably(Folder.parent(of: path))
                try? PendingFile.writeFile(
                    Array("\(end.formatted(.iso8601))\n".utf8), to: path, replacing: true)
            })
    }
}
