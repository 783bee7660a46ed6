import DurableFiles
import Testing

@testable import ToolCommands

@Suite struct OutputPlanTests {
    /// An input as it is found in a folder that was named.
    private func input(_ folder: String, _ relativePath: String) -> DiscoveredInput {
        let name = Folder.name(of: relativePath)
        let prefix = String(relativePath.dropLast(name.count))
        return DiscoveredInput(
            folder: InputFolder(pathPrefix: "\(folder)/\(prefix)", relativePrefix: prefix), name: name,
            size: 1)
    }

    @Test(arguments: [
        ("a.wav", "out/a.flac"), ("x/a.b.WAV", "out/x/a.b.flac"),
        ("x.y/noextension", "out/x.y/noextension.flac"),
        (".wav", "out/.wav.flac"), ("x/.wav", "out/x/.wav.flac"), ("a.", "out/a.flac"),
    ])
    func `replaces the last extension of the name`(relativePath: String, output: String) {
        let input = input("in", relativePath)
        #expect(input.path == "in/\(relativePath)")
        #expect(OutputPlan([input], outputFolder: "out").output(of: input) == output)
        #expect(OutputPlan([input], outputFolder: "out/").output(of: input) == output)
    }

    @Test func `gives an output to the first of two inputs`() {
        let plan = OutputPlan(
            [input("1", "a.wav"), input("2", "a.wav"), input("1", "a.WAV"), input("1", "b.wav")],
            outputFolder: "out")
        #expect(plan.inputs.map(\.path) == ["1/a.wav", "1/b.wav"])
        #expect(plan.collisions.map(\.input.path) == ["2/a.wav", "1/a.WAV"])
        #expect(plan.collisions.map(\.winner) == ["1/a.wav", "1/a.wav"])
    }

    @Test func `tells names apart that Unicode holds to be equal`() {
        let plan = OutputPlan(
            [input(".", "\u{E9}.wav"), input(".", "e\u{301}.wav")], outputFolder: "out")
        #expect(plan.inputs.count == 2)
        #expect(plan.collisions.isEmpty)
    }

    @Test func `takes a file that is named twice once`() {
        let plan = OutputPlan([input(".", "a.wav"), input(".", "a.wav")], outputFolder: "out")
        #expect(plan.inputs.count == 1)
        #expect(plan.collisions.isEmpty)
    }

    @Test(arguments: [("a.wav", "a.wav"), ("x//a.wav", "a.wav"), ("/a.wav", "a.wav"), ("./x/a.wav", "a.wav")])
    func `keeps the path of a file as it was named`(argument: String, relativePath: String) {
        let input = DiscoveredInput(argument: argument, size: 1)
        #expect(input.path == argument)
        #expect(input.relativePath == relativePath)
    }
}
