import Testing

@testable import ToolCommands

@Suite struct RecordingIDTests {
    @Test(arguments: ["0123ab", "ABCDEF", "0123456789abcdef0123456789abcdef"])
    func `takes an id or its first digits`(text: String) throws {
        try RecordingID.check([text])
    }

    @Test(arguments: ["", "12345", "12345g", "0123456789abcdef0123456789abcdef0", "１２３４５６", "../abc"])
    func `takes nothing else`(text: String) {
        #expect(throws: (any Error).self) { try RecordingID.check(["0123ab", text]) }
    }
}
