import Testing

@testable import ToolCommands

@Suite struct OutputPlanTests {
    private func input(_ path: String, _ relativePath: String) -> DiscoveredInput {
        DiscoveredInput(path: path, relativePath: relativePath, size: 1)
    }

    @Test(arguments: [
        ("a.wav", "out/a.flac"), ("x/a.b.WAV", "out/x/a.b.flac"),
        ("x.y/noextension", "out/x.y/noextension.flac"),
        (".wav", "out/.wav.flac"), ("x/.wav", "out/x/.wav.flac"), ("a.", "out/a.flac"),
    ])
    func `replaces the last extension of the name`(relativePath: String, output: String) {
        #expect(OutputPlan([input("in", relativePath)], outputFolder: "out").items.map(\.output) == [output])
        #expect(OutputPlan([input("in", relativePath)], outputFolder: "out/").items.map(\.output) == [output])
    }

    @Test func `gives an output to the first of two inputs`() {
        let plan = OutputPlan(
            [input("1/a.wav", "a.wav"), input("2/a.wav", "a.wav"), input("1/a.WAV", "a.WAV")],
            outputFolder: "out")
        #expect(plan.items.map(\.input.path) == ["1/a.wav"])
        #expect(plan.collisions.map(\.input.path) == ["2/a.wav", "1/a.WAV"])
        #expect(plan.collisions.map(\.winner) == ["1/a.wav", "1/a.wav"])
    }

    @Test func `tells names apart that Unicode holds to be equal`() {
        let plan = OutputPlan(
            [input("\u{E9}.wav", "\u{E9}.wav"), input("e\u{301}.wav", "e\u{301}.wav")], outputFolder: "out")
        #expect(plan.items.count == 2)
        #expect(plan.collisions.isEmpty)
    }

    @Test func `takes a file that is named twice once`() {
        let plan = OutputPlan([input("a.wav", "a.wav"), input("a.wav", "a.wav")], outputFolder: "out")
        #expect(plan.items.count == 1)
        #expect(plan.collisions.isEmpty)
    }
}
