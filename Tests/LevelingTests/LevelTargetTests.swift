import Leveling
import PCM
import Testing

@Suite struct LevelTargetTests {
    @Test(arguments: ["p56:-26", "p56:-26.5", "lufs:-23", "lufs:-70", "peak:-1", "peak:0", "p56:-60", "none"])
    func `prints what it has read`(_ text: String) throws {
        #expect(try LevelTarget(parsing: text).description == text)
    }

    @Test func `reads a number in its usual forms`() throws {
        let expected = try LevelTarget(method: .activeSpeech, value: Decibels(-26))
        for text in ["p56:-26", "p56:-26.0", "p56:-026", "p56:-26."] {
            #expect(try LevelTarget(parsing: text) == expected)
        }
        #expect(expected == .standard)
    }

    @Test(arguments: [
        "", "p56", "p56:", ":-26", "p56:-26dB", "P56:-26", "rms:-20", "none:", "none:0", "None", "p56:nan",
        "p56:-inf",
        "p56:-0x1p4", "p56:-1e1", "p56: -26", "p56:--26", "p56:-26:1", "p56:.", "lufs:−23",
    ])
    func `refuses a text that is no target`(_ text: String) {
        #expect(throws: LevelTargetError.notATarget(text)) { try LevelTarget(parsing: text) }
    }

    @Test(arguments: ["p56:0.1", "p56:26", "p56:-61", "lufs:-70.5", "lufs:1", "peak:0.5", "peak:-1000"])
    func `refuses a level out of range`(_ text: String) throws {
        let error = try #require(throws: LevelTargetError.self) { try LevelTarget(parsing: text) }
        guard case .outOfRange = error else {
            Issue.record("\(text) gave \(error)")
            return
        }
    }

    @Test func `refuses a level that is no number`() {
        #expect(throws: LevelTargetError.self) {
            try LevelTarget(method: .loudness, value: Decibels(.nan))
        }
    }

    @Test func `says in one sentence what to write instead`() {
        let unknown = LevelTargetError.notATarget("rms:-20").description
        #expect(unknown == "“rms:-20” is no level target; write p56:-26, lufs:-23, peak:-1 or none")
        let range = LevelTargetError.outOfRange(method: .loudness, value: Decibels(3)).description
        #expect(range == "the level 3.0 dB is out of range for lufs; give a number from -70 to 0")
    }
}
