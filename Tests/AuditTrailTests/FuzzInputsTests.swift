import Foundation
import Testing

/// The inputs that every fuzzing run starts from, and those on which one has ended.
@Suite(.serialized) struct FuzzInputsTests {
    static let inputs: [URL] = ["Corpus", "FailCases"].flatMap { folder in
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Fuzz/\(folder)")
        let files = try? FileManager.default.contentsOfDirectory(
            at: root.appending(path: "FuzzJournalLines"), includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }

    @Test func `finds the inputs`() {
        #expect(!Self.inputs.isEmpty)
    }

    @Test(arguments: inputs)
    func `keeps its word for every input`(_ input: URL) throws {
        try JournalProperty.check([UInt8](Data(contentsOf: input)))
    }
}
