import Foundation
import RecordingArchive
import TestSupport
import Testing

@testable import Exporting

/// The lists of a bag, as programs read them that we did not write.
@Suite struct ListingTests {
    /// Callers and names as a PBX might give them.
    private static let texts = [
        "+441632960961", "=1+1", "-1", "@x", "a,b", "\"quoted\"", "line\nbreak", "cr\rlf\r\n", "cr\ralone",
        "<script>alert(1)</script>",
        "'); x='", "</title>&amp;", "ü\u{202E}gnp", "tab\tx", "\u{1}", " ",
    ]

    private static func metadata(_ text: String) -> RecordingMetadata {
        RecordingMetadata(
            Recording(
                id: "00112233445566778899aabbccddeeff", sequence: 1, ordinal: 1, state: .archived,
                path: "recordings/x",
                messageKey: "", ingestEntry: 1, retention: .forever,
                facts: .sample(text, stored: text, name: text)),
            path: "recordings/a b/ü%\".flac", original: "originals/x.wav")
    }

    @Test func `is a table that Python reads as it was, callers that look like formulas included`()
        async throws
    {
        let scratch = try ScratchFolder()
        let table =
            try MetadataTable.header + Self.texts.map { try MetadataTable.row(Self.metadata($0)) }.joined()
        try scratch.write(table.utf8, to: "table.csv")
        let script = """
            import csv, json, sys
            rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
            assert len({len(row) for row in rows}) == 1
            caller = rows[0].index("caller")
            print(json.dumps([row[caller] for row in rows[1:]]))
            """
        let result = try await Tool.python.run(["-c", script, scratch("table.csv")])
        let callers = try JSONDecoder().decode([String].self, from: Data(result.output))
        #expect(callers.map { Array($0.utf8) } == Self.texts.map { Array($0.utf8) }, "\(result.diagnostics)")
    }

    @Test func `is JSON in which nothing deceives whoever looks at it, and that says the same`() async throws
    {
        let texts =
            Self.texts + [
                "a\u{7F}b\u{85}c\u{9B}31m", "\u{2028}\u{2029}", "\u{2066}x\u{2069}\u{FEFF}\u{200B}\u{E0041}",
            ]
        let json = EscapedJSON.text(String(decoding: try JSONEncoder().encode(texts), as: UTF8.self))
        let script = """
            import json, sys, unicodedata
            text = sys.stdin.buffer.read().decode()
            assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")], ascii(text)
            assert "ü" in text
            print(json.dumps(json.loads(text)))
            """
        let scratch = try ScratchFolder()
        try scratch.write(json.utf8, to: "texts.json")
        let result = try await Tool(path: "/bin/bash").run(
            ["-c", "\"$0\" -c \"$1\" < texts.json", Tool.python.path, script], folder: scratch.path)
        let found = try JSONDecoder().decode([String].self, from: Data(result.output))
        #expect(found.map { Array($0.utf8) } == texts.map { Array($0.utf8) }, "\(result.diagnostics)")
    }

    @Test func `is a page with no element that a name brought in, and with addresses of the files`()
        async throws
    {
        let scratch = try ScratchFolder()
        let page = IndexPage(archiveID: "<x>", date: "2026-11-25", hasOriginals: true)
        let html =
            try page.head + Self.texts.map { try page.entry(Self.metadata($0)) }.joined()
            + page.foot(count: 15)
        try scratch.write(html.utf8, to: "index.html")
        let script = """
            import base64, hashlib, html.parser, json, re, sys, urllib.parse
            class Parser(html.parser.HTMLParser):
                tags, links, open = set(), set(), []
                def handle_starttag(self, tag, attributes):
                    self.tags.add(tag)
                    if tag not in ("meta",): self.open.append(tag)
                    for name, value in attributes:
                        assert not name.startswith("on"), name
                        if name in ("href", "src"): self.links.add(urllib.parse.unquote(value))
                def handle_endtag(self, tag):
                    assert self.open.pop() == tag, tag
            parser = Parser()
            parser.feed(open(sys.argv[1], encoding="utf-8").read())
            assert not parser.open
            page = open(sys.argv[1], encoding="utf-8", newline="").read()
            assert page.count("<style>") == 1 and " style=" not in page
            style = page.split("<style>")[1].split("</style>")[0].encode()
            hash = base64.b64encode(hashlib.sha256(style).digest()).decode()
            policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1].split("; ")
            assert policy[:2] == ["default-src 'none'", f"style-src 'sha256-{hash}'"], policy
            assert page.index("Content-Security-Policy") < page.index("<style>")
            print(json.dumps([sorted(parser.tags), sorted(parser.links)]))
            """
        let result = try await Tool.python.run(["-c", script, scratch("index.html")])
        let found = try JSONDecoder().decode([[String]].self, from: Data(result.output))
        #expect(!found[0].contains("script") && !found[0].contains("link") && found[0].contains("audio"))
        #expect(
            found[1] == [
                "audit.jsonl", "metadata.csv", "metadata.json", "originals/x.wav",
                "proofs/00112233445566778899aabbccddeeff.tlog-proof", "recordings/a b/ü%\".flac",
            ], "\(result.diagnostics)")
        #expect(!html.contains("\u{202E}") && !html.contains("\u{1}"))
    }
}
