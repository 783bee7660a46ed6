import Testing

@testable import ToolCommands

@Suite struct AuditTextTests {
    @Test(arguments: [
        "r", "GDPR Art. 17, request 42", "日本", "نام‌ها", "👩‍⚖️", String(repeating: "x", count: 2000),
    ])
    func `takes a reason in any language`(text: String) throws {
        try AuditText.checkReason(text, option: "--reason")
    }

    @Test(arguments: [
        "", " ", "\u{3000}", "a\nb", "a\tb", "\u{1B}[2J", "a\u{2028}b", "a\0b",
        String(repeating: "ü", count: 1001),
    ])
    func `takes no reason that is empty, long, or of several lines`(text: String) {
        #expect(throws: (any Error).self) { try AuditText.checkReason(text, option: "--reason") }
    }

    @Test(arguments: ["alice", "Łucja Nowak", "2026/17", "CORP\\alice", "a@b.example"])
    func `takes a name`(text: String) throws {
        try AuditText.checkName(text, option: "--actor")
    }

    @Test(arguments: [
        "", " ", "\u{2800}", "\u{3164}", " alice", "alice ", "\u{A0}alice", "ali\u{200B}ce", "\u{202E}alice",
        "a\nb",
        String(repeating: "x", count: 201),
    ])
    func `takes no name that looks like another's`(text: String) {
        #expect(throws: (any Error).self) { try AuditText.checkName(text, option: "--actor") }
    }
}
