internal import Digests

/// Makes names that a person can read, and that are safe whatever a PBX answers.
///
/// A name holds nothing but `A–Z a–z 0–9 + . _ -` (and one `~` before the hash of a folder's name), begins with
/// none of `.` and `-`, is never empty and has at most 200 bytes, far below the 255 that file systems allow, so that
/// `-2` and an extension fit behind it.
public enum FileNaming {
    /// The most bytes in a name without its extension.
    static let longestName = 200

    private static let longestPart = 40

    /// The most bytes that file systems allow in a name.
    private static let longestFileName = 255

    /// The folder below `recordings` or `quarantine`: `<pbx>/<yyyy>/<mm>/<dd>`, or `<pbx>/undated`.
    public static func folder(of facts: RecordingFacts) -> String {
        let date = facts.date.flatMap(MessageDate.init)
        return ([pbxFolder(facts.identity.pbx)] + (date?.folders ?? ["undated"])).joined(separator: "/")
    }

    /// The name of a file, without its extension: `20200102-180000_1000_from-2000_42s_0a1b2c3d`.
    ///
    /// The parts are date, extension, caller, listed length and the first digits of the source's SHA-256.
    public static func name(of facts: RecordingFacts) -> String {
        let identity = facts.identity
        var parts = [facts.date.flatMap(MessageDate.init)?.compact ?? "undated"]
        parts.append(part(identity.extension, ifEmpty: "unknown"))
        parts.append("from-" + part(identity.caller, ifEmpty: "unknown"))
        if let seconds = UInt32(identity.listedLength) { parts.append("\(seconds)s") }
        parts.append(String(facts.source.sha256.hexadecimal.prefix(8)))
        return String(parts.joined(separator: "_").prefix(longestName))
    }

    /// Whether a path is one that a file with these facts may have got, as the first or a later of its name.
    static func isPath(_ path: String, of facts: RecordingFacts, _ state: Recording.State) -> Bool {
        let stem = "\(ArchiveLayout.folderName(of: state))/\(folder(of: facts))/\(name(of: facts))"
        let suffix = "." + ArchiveLayout.pathExtension(of: state)
        guard path.utf8.starts(with: stem.utf8), path.utf8.reversed().starts(with: suffix.utf8.reversed())
        else { return false }
        let number = Substring(path.utf8.dropFirst(stem.utf8.count).dropLast(suffix.utf8.count))
        return number.isEmpty || number.first == "-" && Int(number.dropFirst()).map { $0 > 1 } == true
    }

    /// Whether a path that was read, out of a sidecar, an intent, a catalog or a copy, is one that a recording can have:
    /// below the folder of its state, through names that `folder(of:)` and `name(of:)` make, and so never out of an archive.
    package static func isConfined(_ path: String, _ state: Recording.State) -> Bool {
        let names = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // `recordings/<pbx>/<yyyy>/<mm>/<dd>/<name>`, or `recordings/<pbx>/undated/<name>`.
        guard names.count == 6 || names.count == 4,
            names[0].elementsEqual(ArchiveLayout.folderName(of: state).utf8),
            path.utf8.reversed().starts(with: ".\(ArchiveLayout.pathExtension(of: state))".utf8.reversed())
        else { return false }
        return names.allSatisfy { name in
            name.first.map { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") } == true
                && name.count <= longestFileName && name.allSatisfy { isSafe($0) || $0 == UInt8(ascii: "~") }
        }
    }

    /// A folder for a PBX's name.
    ///
    /// A name that had to be altered ends in `~` and a hash of the original. No unaltered name holds a `~`, so
    /// two different names share a folder only if their hashes agree in 64 bits.
    public static func pbxFolder(_ name: String) -> String {
        let safe = String(sanitized(name).prefix(longestName - 17))
        guard safe != name || safe.isEmpty else { return safe }
        let hash = SHA256Hasher.digest(of: Array(name.utf8)).hexadecimal.prefix(16)
        return (safe.isEmpty ? "pbx" : safe) + "~" + hash
    }

    private static func part(_ text: String, ifEmpty replacement: String) -> String {
        let safe = sanitized(text).prefix(longestPart)
        return safe.isEmpty ? replacement : String(safe)
    }

    /// The text with each run of unsafe characters as one `-`, and without leading dots and dashes or trailing dashes.
    private static func sanitized(_ text: String) -> String {
        var safe: [UInt8] = []
        for byte in text.utf8 {
            if isSafe(byte) {
                safe.append(byte)
            } else if safe.last != UInt8(ascii: "-") {
                safe.append(UInt8(ascii: "-"))
            }
        }
        let start = safe.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        let end = start.lastIndex { $0 != UInt8(ascii: "-") }
        return String(decoding: end.map { start[...$0] } ?? [], as: UTF8.self)
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "+._-".utf8.contains(byte)
        }
    }
}
