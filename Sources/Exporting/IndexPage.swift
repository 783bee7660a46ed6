internal import Digests
internal import RecordingArchive
internal import Transcoding

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The page for people: one entry a recording with a player, in a single file without scripts or anything from a network.
struct IndexPage {
    /// The id of the archive.
    let archiveID: String
    /// The day of the export.
    let date: String
    /// Whether the originals are there too.
    let hasOriginals: Bool

    /// What comes before the recordings.
    var head: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>Voicemail recordings</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <header>
        <h1>Voicemail recordings</h1>
        <p>Exported on \(Self.escaped(date)) from the archive <code>\(Self.escaped(archiveID))</code>, in the order in which
        they came in. Also here: <a href="metadata.csv">metadata.csv</a>, <a href="metadata.json">metadata.json</a>,
        <a href="audit.jsonl">audit.jsonl</a>\(hasOriginals ? ", the original WAV files" : "").</p>
        </header>
        <main>
        <ol>

        """
    }

    /// One recording.
    func entry(_ metadata: RecordingMetadata) throws -> String {
        let recording = metadata.recording
        let facts = recording.facts
        let identity = facts.identity
        let isAudio = recording.state == .archived
        let verdict = ["valid", "flawed"].contains(facts.verdict) ? facts.verdict : "bad"
        let findings = try metadata.findings().map { "<li>\(Self.escaped($0.message))</li>" }.joined()
        var links = [Self.link(metadata.path, isAudio ? "FLAC" : "WAV as it came")]
        if let original = metadata.original, original != metadata.path {
            links.append(Self.link(original, "original WAV"))
        }
        links.append(Self.link("proofs/\(recording.id).tlog-proof", "proof"))
        let player =
            isAudio
            ? "<audio controls preload=\"none\" src=\"\(Self.address(metadata.path))\"></audio>"
            : "<p class=\"none\">There is no audio that can be decoded.</p>"
        return """
            <li id="r\(recording.id)">
            <div class="who"><time>\(Self.escaped(Self.shown(facts.date ?? identity.listedDate)))</time>
            <b>\(Self.escaped(identity.caller))</b> <span class="to">to</span> <b>\(Self.escaped(identity.extension))</b>
            <span class="pbx">at \(Self.escaped(identity.pbx))</span>
            <span class="end">\(Self.length(facts.audio?.duration))
            <span class="verdict \(verdict)">\(Self.escaped(facts.verdict))</span></span></div>
            \(player)
            <p class="more">\(links.joined(separator: " ")) <code>\(Self.escaped(recording.id))</code></p>
            \(findings.isEmpty ? "" : "<details><summary>What was found in the file</summary><ul>\(findings)</ul></details>")
            </li>

            """
    }

    /// What comes after the recordings.
    func foot(count: Int) -> String {
        """
        </ol>
        </main>
        <footer><p>\(count == 1 ? "1 recording" : "\(count) recordings"). This folder is a bag (RFC 8493): its manifests hold the
        SHA-256 of every file. The proofs show that the archive's log has each recording.</p></footer>
        </body>
        </html>

        """
    }

    /// Nothing but the style of this page, by its hash, and audio; a browser that opens the page as a file has no other
    /// name for its folder than the scheme.
    private static let policy: String = {
        let digest = SHA256Hasher.digest(of: Array(style.utf8))
        let hash = Data(digest.bytes).base64EncodedString()
        return "default-src 'none'; style-src 'sha256-\(hash)'; media-src 'self' file:; base-uri 'none'; "
            + "form-action 'none'"
    }()

    private static func link(_ path: String, _ text: String) -> String {
        "<a href=\"\(address(path))\">\(escaped(text))</a>"
    }

    /// Date and time of the wall clock, for reading.
    private static func shown(_ date: String) -> String {
        date.utf8.count >= 19 && date.utf8.dropFirst(10).first == UInt8(ascii: "T")
            ? "\(date.prefix(10)) \(date.dropFirst(11).prefix(8))" : date
    }

    private static func length(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, (0..<1e9).contains(seconds) else { return "" }
        let whole = Int(seconds.rounded())
        return "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }

    /// The text with everything escaped that could mean something in HTML.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default:
                // Control characters are not allowed, and those that turn the direction of writing can disguise a text.
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: escaped += "\u{FFFD}"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }

    /// The path as a relative address: every byte encoded but those that mean nothing in one.
    static func address(_ path: String) -> String {
        var address = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                address.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                address += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return address
    }

    /// `content-visibility` lets a browser lay out only what is on the screen of a page with many thousand entries.
    private static let style = """

        :root { color-scheme: light dark; --line: #d5d9e0; --dim: #5b6472; --back: #f6f7f9; --card: #fff;
          --good: #1a7f4b; --fair: #96650a; --bad: #b3261e; --link: #1f5fbf; }
        @media (prefers-color-scheme: dark) { :root { --line: #333a45; --dim: #9aa4b2; --back: #14171c;
          --card: #1c2027; --good: #5bc98c; --fair: #e0b050; --bad: #f2857d; --link: #8ab4f8; } }
        * { box-sizing: border-box; }
        body { font: 16px/1.45 system-ui, sans-serif; margin: 0; background: var(--back); }
        header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; margin: 2rem 0 .25rem; }
        header p, footer p { color: var(--dim); margin: .25rem 0 1.25rem; }
        a { color: var(--link); }
        code { font-size: .85em; overflow-wrap: anywhere; }
        ol { list-style: none; margin: 0; padding: 0; }
        ol > li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
          padding: .75rem 1rem; margin: 0 0 .6rem; content-visibility: auto; contain-intrinsic-size: auto 9rem; }
        .who { display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem .6rem; overflow-wrap: anywhere; }
        time { font-variant-numeric: tabular-nums; color: var(--dim); }
        .to, .pbx { color: var(--dim); }
        .end { margin-left: auto; font-variant-numeric: tabular-nums; }
        .verdict { font-size: .8rem; border: 1px solid; border-radius: 1rem;
          padding: 0 .6rem; margin-left: .4rem; color: var(--bad); }
        .verdict.valid { color: var(--good); } .verdict.flawed { color: var(--fair); }
        audio { display: block; width: 100%; height: 2.5rem; margin: .6rem 0 .3rem; }
        .none { color: var(--bad); margin: .6rem 0 .3rem; }
        .more { margin: 0; font-size: .85rem; color: var(--dim); display: flex; flex-wrap: wrap; gap: .2rem .9rem; }
        .more code { margin-left: auto; }
        details { font-size: .9rem; margin-top: .35rem; } summary { color: var(--dim); cursor: pointer; }
        details ul { margin: .3rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
        footer { padding-bottom: 2rem; }
        @media print { audio { display: none; } ol > li { break-inside: avoid; content-visibility: visible; } }

        """
}
